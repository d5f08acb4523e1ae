using Messaging.Agent.Updates.State;
using Messaging.Updates.Releases;
using Messaging.Wire;

namespace Messaging.Agent.Tests.Updates;

/// <summary>What one version writes another one reads: before a switch, and after it was switched back.</summary>
public sealed class UpdateRecordCodecTests
{
    [Fact]
    public void Decode_OfWhatWasWritten_KnowsWhatNeighboursBrought()
    {
        var record = Record();
        record.Lent.Lend(1000, 5000);

        Assert.True(UpdateRecordCodec.TryDecode(UpdateRecordCodec.Encode(record), out var read));
        Assert.Equal((1000, 5000, "fetching"), (read.Lent.From, read.Lent.To, read.Fetching));
    }

    [Fact]
    public void Decode_OfAnEarlierVersion_WithoutThat_HasNone()
    {
        // The head of an array of 16, and two zeros at its end.
        var written = UpdateRecordCodec.Encode(Record());
        Assert.Equal((0x90, 0, 0), (written[0], written[^2], written[^1]));

        Assert.True(UpdateRecordCodec.TryDecode([0x8e, .. written[1..^2]], out var read));
        Assert.True(read.Lent.IsEmpty);
        Assert.Equal("fetching", read.Fetching);
        Assert.False(UpdateRecordCodec.TryDecode([0x8e, .. written[1..^1]], out _));
        Assert.False(UpdateRecordCodec.TryDecode(written.AsSpan(0, written.Length - 1), out _));
    }

    private static UpdateRecord Record() => new()
    {
        Id = CommandId.Generate(),
        Assignment = new UpdateArguments { Target = "app/1.1.0/app.tar", Length = 9000, Sha256 = new byte[32], Seconds = 3600 },
        Fetching = "fetching",
    };
}
