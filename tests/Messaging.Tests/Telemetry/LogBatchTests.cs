using CsCheck;
using Messaging.Fuzz;
using Messaging.Telemetry;
using Messaging.Tests.Support;

namespace Messaging.Tests.Telemetry;

public sealed class LogBatchTests
{
    private static readonly Gen<LogEntry> Entries =
        from time in Gens.UnixMs
        from severity in Gen.Int[0, 24]
        from kind in Gen.Enum<LogSourceKind>()
        from source in Gens.Text
        from body in Gens.Text
        from attributes in Gen.Frequency((3, Gen.Const(Array.Empty<KeyValuePair<string, string>>())), (1, Gens.Pairs))
        select new LogEntry(time, severity, new LogSource(kind, source), body, attributes);

    private static readonly Gen<BootTime> EarlierBoots =
        from boot in Gens.Boot
        from wall in Gens.UnixMsOrNull
        from mono in Gens.UnixMs
        select new BootTime(boot, wall, mono);

    [Fact]
    public void TryDecode_AnyBatch_KeepsEveryLineInOrder() =>
        Gen.Select(Gens.Boot, Gens.UnixMsOrNull, Gens.UnixMs, Entries.Array[0, 30]).Sample(static (boot, wall, mono, entries) =>
        {
            Assert.True(LogBatch.TryDecode(Samples.Encoded(new LogBatch(boot, wall, mono, entries, null).Encode), out var decoded));

            Assert.Equal((boot, wall, mono), (decoded.BootId, decoded.WallUnixMs, decoded.MonoMs));
            Assert.Equal(entries.Length, decoded.Entries.Count);
            foreach (var (before, after) in entries.Zip(decoded.Entries))
            {
                Assert.Equal((before.Ms, before.Severity, before.Source, before.Body), (after.Ms, after.Severity, after.Source, after.Body));
                Assert.Equal(before.Attributes, after.Attributes);
            }
        }, iter: 1000);

    [Fact]
    public void TryDecode_AnyBatchOfSeveralBoots_KeepsOfWhichEveryLineIs() =>
        Gen.Select(Gens.Boot, Entries.Array[0, 30], EarlierBoots.Array[0, 4], Gen.Int[0, 4].Array[30]).Sample(static (boot, entries, earlier, of) =>
        {
            LogEntry[] lines = [.. entries.Select((entry, i) => entry with { Boot = of[i] % (earlier.Length + 1) })];
            Assert.True(LogBatch.TryDecode(Samples.Encoded(new LogBatch(boot, null, 5, lines, earlier).Encode), out var decoded));

            Assert.Equal(earlier, decoded.EarlierBoots);
            Assert.Equal(lines.Select(static line => (line.Ms, line.Boot)), decoded.Entries.Select(static line => (line.Ms, line.Boot)));
        }, iter: 500);

    [Fact]
    public void TryDecode_EveryTruncation_IsRefused()
    {
        Mutations.AssertStrictLength(Samples.Encoded(Samples.DatedLogs.Encode), static data => LogBatch.TryDecode(data, out _));
        Mutations.AssertStrictLength(Samples.Encoded(Samples.Logs.Encode), static data => LogBatch.TryDecode(data, out _));
        Mutations.AssertStrictLength(
            Messaging.Fuzz.Targets.Plain.Of(static output => LogBatchWriter.Write(Samples.Logs, output)), static data => LogBatch.TryDecode(data, out _));
    }

    [Fact]
    public void Encode_LoneSurrogate_BecomesTheReplacementCharacter()
    {
        var entry = Samples.Logs.Entries[0] with { Body = "a\ud800b" };

        Assert.True(LogBatch.TryDecode(Samples.Encoded((Samples.Logs with { Entries = [entry] }).Encode), out var decoded));
        Assert.Equal("a\ufffdb", decoded.Entries[0].Body);
    }

    [Fact]
    public void Encode_BeyondTheLimits_Throws()
    {
        var entry = Samples.Logs.Entries[0];
        Assert.Throws<ArgumentException>(() => Encode(entry with { Body = new string('x', LogEntry.MaxBodyBytes + 1) }));
        Assert.Throws<OverflowException>(() => Encode(entry with { Severity = 300 }));
        Assert.Throws<ArgumentException>(() => Encode(entry with { Attributes = [new(new string('k', 257), "v")] }));
        Assert.Throws<ArgumentException>(() => Encode([.. Enumerable.Repeat(entry, LogBatch.MaxEntries + 1)]));
        Assert.Throws<ArgumentException>(() => Samples.Encoded((Samples.DatedLogs with { EarlierBoots = [] }).Encode));

        static byte[] Encode(params LogEntry[] entries) => Samples.Encoded((Samples.Logs with { Entries = entries }).Encode);
    }
}
