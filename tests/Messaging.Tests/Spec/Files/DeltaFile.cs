using System.Text.Json;
using System.Text.Json.Nodes;
using Messaging.Fuzz;
using Messaging.Tests.Updates.Deltas;
using Messaging.Updates.Deltas;
using Messaging.Updates.Deltas.Coding;

namespace Messaging.Tests.Spec.Files;

internal sealed class DeltaFile : VectorDocument
{
    private const long Limit = 1000;
    private static readonly byte[] Old = RoundTripTests.Noise(300, 1);
    private static readonly byte[] Moved = [.. Old.Select(static (one, i) => i % 4 == 0 && i < 200 ? (byte)(one + 8) : one)];

    public override string Name => "delta.json";

    public override JsonObject Build() => new()
    {
        ["description"] = "Deltas from the file old. A writer may make others that do the same.",
        ["old"] = Hex(Old),
        ["limit"] = Limit,
        ["applied"] = Array(Applied().Select(static one => new JsonObject { ["why"] = one.Why, ["delta"] = Hex(one.Delta), ["new"] = Hex(one.New) })),
        ["refused"] = Array(Refused().Select(
            static one => new JsonObject { ["why"] = one.Why, ["failure"] = one.Failure.ToString(), ["delta"] = Hex(one.Delta) })),
    };

    public override void Verify(JsonElement file)
    {
        var old = Bytes(file, "old");
        var limits = new DeltaLimits(file.GetProperty("limit").GetInt64());
        foreach (var one in Each(file, "applied"))
        {
            var (made, failure) = Apply(old, Bytes(one, "delta"), limits);
            Assert.True(failure is null, $"{Why(one)}: {failure}");
            Assert.True(Bytes(one, "new").AsSpan().SequenceEqual(made), Why(one));
        }

        foreach (var one in Each(file, "refused"))
        {
            var (_, failure) = Apply(old, Bytes(one, "delta"), limits);
            Assert.True(one.GetProperty("failure").GetString() == failure?.ToString(), $"{Why(one)}: {failure}");
        }
    }

    private static IEnumerable<(string Why, byte[] Delta, byte[] New)> Applied()
    {
        yield return One("an empty file", []);
        yield return One("the same file", Old, new DeltaStep(true, 0, 300));
        yield return One("literals alone", [.. "a new file, and a new file again"u8], new DeltaStep(false, 0, 32));
        yield return One("a copy of which every fourth byte differs", Moved, new DeltaStep(true, 0, 300));
        yield return One(
            "copies that go on where the one before was, that go back to a shift of before, and one from the last byte, with literals between",
            [.. Old[..100], .. "ab"u8, .. Old[102..150], .. Old[10..60], .. Old[200..240], .. "c"u8, Old[^1]],
            new(true, 0, 100),
            new(false, 0, 2),
            new(true, 102, 48),
            new(true, 10, 50),
            new(true, 200, 40),
            new(false, 0, 1),
            new(true, 299, 1));
        yield return One("zeros, far more than the old file has", new byte[1000], new DeltaStep(false, 0, 1000));
    }

    private static IEnumerable<(string Why, byte[] Delta, DeltaFailure Failure)> Refused()
    {
        var whole = Delta.Of(Old, Moved, new DeltaStep(true, 0, 300));
        yield return ("nothing", [], DeltaFailure.Truncated);
        yield return ("another beginning", Maker.Flipped(whole, 0), DeltaFailure.NotADelta);
        yield return ("cut off in its header", whole[..87], DeltaFailure.Truncated);
        yield return ("an old length of 2^63 and more", Maker.Changed(whole, 8, 0x80), DeltaFailure.NotADelta);
        yield return ("another old length", Maker.Flipped(whole, 15), DeltaFailure.WrongOld);
        yield return ("another old SHA-256", Maker.Flipped(whole, 16), DeltaFailure.WrongOld);
        yield return ("a new length beyond the limit", Delta.Of(Old, new byte[1001], new DeltaStep(false, 0, 1001)), DeltaFailure.TooLarge);
        yield return ("another new SHA-256", Maker.Flipped(whole, 87), DeltaFailure.WrongNew);
        yield return ("cut off before its block", whole[..90], DeltaFailure.Truncated);
        yield return ("cut off in its block", whole[..^1], DeltaFailure.Truncated);
        yield return ("a byte behind its block", [.. whole, 0], DeltaFailure.TrailingBytes);
        yield return ("a byte in its block behind the bits", [.. Maker.Changed(whole, 91, (byte)(whole[91] + 1)), 0], DeltaFailure.Malformed);
        yield return ("the last bit of its block changed", Maker.Flipped(whole, -1), DeltaFailure.Malformed);
        yield return ("a block longer than any", [.. Maker.Changed(whole, 90, 0x7F), .. new byte[Limit]], DeltaFailure.Malformed);
        yield return ("a copy from before the old file", Delta.Of(Old, Moved, new DeltaStep(true, -1, 300)), DeltaFailure.OutsideOld);
        yield return ("a copy from behind the old file", Delta.Of(Old, Moved, new DeltaStep(true, 1, 300)), DeltaFailure.OutsideOld);
        yield return ("a copy of more than the new file", Delta.Of(Old, Moved, new DeltaStep(true, 0, 301)), DeltaFailure.Malformed);
        yield return ("more literals than the new file", Delta.Of(Old, Moved, new DeltaStep(false, 0, 301)), DeltaFailure.Malformed);
    }

    private static (string Why, byte[] Delta, byte[] New) One(string why, byte[] news, params DeltaStep[] steps) => (why, Delta.Of(Old, news, steps), news);

    private static (byte[] Made, DeltaFailure? Failure) Apply(byte[] old, byte[] delta, DeltaLimits limits)
    {
        using var output = new MemoryStream();
        try
        {
            // Everything is in memory, and so nothing is waited for.
            DeltaApplier.ApplyAsync(new MemoryFile(old), new MemoryStream(delta), output, limits).GetAwaiter().GetResult();
            return (output.ToArray(), null);
        }
        catch (DeltaException e)
        {
            return ([], e.Failure);
        }
    }
}
