using CsCheck;
using Messaging.Acks;
using Messaging.Streams;
using Messaging.Tests.Support;

namespace Messaging.Tests.Acks;

public sealed class AckRecordTests
{
    private static readonly Gen<AckRecord> Records =
        from time in Gens.UnixMs
        from epochs in Gen.Select(Gens.Epoch, Gens.StreamSeqs).Select(static (id, through) => new EpochAck(id, through)).Array[0, 6]
        select new AckRecord(time, epochs);

    [Fact]
    public void TryDecode_AnyRecord_RoundTripsStrictly() => Records.Sample(static record =>
    {
        var data = record.Encode();
        Mutations.AssertStrictLength(data, static data => AckRecord.TryDecode(data, out _));
        Assert.True(AckRecord.TryDecode(data, out var decoded));
        Assert.Equal(record.ServerUnixMs, decoded.ServerUnixMs);
        Assert.Equal(record.Epochs.Select(static epoch => epoch.EpochId), decoded.Epochs.Select(static epoch => epoch.EpochId));
        Assert.All(record.Epochs.Zip(decoded.Epochs), static pair => Assert.Equal(pair.First.Through, pair.Second.Through));
    }, iter: 300);

    [Fact]
    public void Encode_StreamsInAnyOrder_WritesThemAscending()
    {
        var record = new AckRecord(1, [new EpochAck(default, [new StreamSeq(2, 20), new StreamSeq(1, 10)])]);

        Assert.True(AckRecord.TryDecode(record.Encode(), out var decoded));
        Assert.Equal([new StreamSeq(1, 10), new StreamSeq(2, 20)], decoded.Epochs[0].Through);
    }

    [Theory]
    [InlineData("830101818250{id}82820101820101", "a stream twice")]
    [InlineData("830101818250{id}82820201820101", "streams that descend")]
    [InlineData("830101818250{id}818201{over}", "a number above 2^32")]
    [InlineData("830101818250{id}81821a0001000001", "stream 65536")]
    [InlineData("83020180", "version 2")]
    public void TryDecode_BeyondTheRules_IsFalse(string hex, string what)
    {
        var text = hex.Replace("{id}", new string('0', 32), StringComparison.Ordinal).Replace("{over}", "1b0000000100000001", StringComparison.Ordinal);

        Assert.False(AckRecord.TryDecode(Convert.FromHexString(text), out _), what);
    }
}
