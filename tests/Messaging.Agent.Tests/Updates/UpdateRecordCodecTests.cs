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
    public void Decode_OfWhatWasWritten_KnowsFromWhomBytesCame()
    {
        var record = Record();
        record.Fetched = new FetchedBytes(1, 2000, 3_000_000);

        Assert.True(UpdateRecordCodec.TryDecode(UpdateRecordCodec.Encode(record), out var read));
        Assert.Equal(record.Fetched, read.Fetched);
    }

    /// <summary>Without what neighbours brought, and without from whom bytes came.</summary>
    [Theory]
    [InlineData(14, 5)]
    [InlineData(16, 3)]
    public void Decode_OfAnEarlierVersion_WithoutThat_HasNone(int fields, int less)
    {
        // The head of an array of 19, and five zeros at its end.
        var written = UpdateRecordCodec.Encode(Record());
        Assert.Equal([0, 0, 0, 0, 0], written[^5..]);
        Assert.Equal(0x93, written[0]);

        Assert.True(UpdateRecordCodec.TryDecode([(byte)(0x80 + fields), .. written[1..^less]], out var read));
        Assert.True(read.Lent.IsEmpty);
        Assert.Equal(FetchedBytes.None, read.Fetched);
        Assert.Equal("fetching", read.Fetching);
        Assert.False(UpdateRecordCodec.TryDecode([(byte)(0x80 + fields), .. written[1..^(less - 1)]], out _));
        Assert.False(UpdateRecordCodec.TryDecode(written.AsSpan(0, written.Length - 1), out _));
    }

    private static UpdateRecord Record() => new()
    {
        Id = CommandId.Generate(),
        Assignment = new UpdateArguments { Target = "app/1.1.0/app.tar", Length = 9000, Sha256 = new byte[32], Seconds = 3600 },
        Fetching = "fetching",
    };
}
