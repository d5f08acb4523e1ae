using System.Buffers.Binary;
using Messaging.Updates.Deltas;
using Messaging.Updates.Deltas.Coding;

namespace Messaging.Tests.Updates.Deltas;

public sealed class RefusalTests
{
    private static readonly byte[] Old = RoundTripTests.Noise(2000, 1);
    private static readonly byte[] New = [.. Old.AsSpan(0, 900), .. RoundTripTests.Noise(60, 2), .. Old.AsSpan(1000), 1, 2, 3];

    [Fact]
    public async Task Apply_AnyByteChanged_IsRefused()
    {
        var delta = await Delta.MakeAsync(Old, New);
        foreach (var change in new byte[] { 0x01, 0x80, 0xFF })
        {
            for (var i = 0; i < delta.Length; i++)
            {
                delta[i] ^= change;
                await Refused(delta);
                delta[i] ^= change;
            }
        }

        Assert.Equal(New, await Delta.ApplyAsync(Old, delta));
    }

    [Fact]
    public async Task Apply_CutAnywhere_IsTruncated()
    {
        var delta = await Delta.MakeAsync(Old, New);
        for (var length = 0; length < delta.Length; length++)
        {
            Assert.Equal(DeltaFailure.Truncated, await Refused(delta[..length]));
        }
    }

    [Fact]
    public async Task Apply_AByteMore_IsTrailing() => Assert.Equal(DeltaFailure.TrailingBytes, await Refused([.. await Delta.MakeAsync(Old, New), 0]));

    [Fact]
    public async Task Apply_SomethingElse_IsNoDelta()
    {
        Assert.Equal(DeltaFailure.NotADelta, await Refused(new byte[200]));
        Assert.Equal(DeltaFailure.NotADelta, await Refused([0x7F, .. "ELF"u8]));
    }

    [Fact]
    public async Task Apply_LengthsBeyond63Bits_AreNoDelta()
    {
        var delta = await Delta.MakeAsync(Old, New);
        foreach (var at in new[] { 8, 48 })
        {
            byte[] changed = [.. delta];
            changed[at] = 0x80;
            Assert.Equal(DeltaFailure.NotADelta, await Refused(changed));
        }
    }

    [Fact]
    public async Task Apply_NewFileBeyondTheLimit_IsTooLargeBeforeAnythingIsRead()
    {
        var old = new MemoryFile(Old);
        var output = new MemoryStream();
        var delta = await Delta.MakeAsync(Old, New);

        var e = await Assert.ThrowsAsync<DeltaException>(() => DeltaApplier.ApplyAsync(
            old, new MemoryStream(delta), output, new DeltaLimits(New.Length - 1), TestContext.Current.CancellationToken));

        Assert.Equal((DeltaFailure.TooLarge, 0, 0), (e.Failure, old.Reads, output.Length));
    }

    [Fact]
    public async Task Apply_AbsurdNewLength_TakesNoMemoryForIt()
    {
        var delta = await Delta.MakeAsync(Old, New);
        BinaryPrimitives.WriteInt64BigEndian(delta.AsSpan(48), long.MaxValue);

        Assert.NotEqual(default, await Refused(delta, limit: long.MaxValue));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Apply_AnotherOldFile_IsWrongBeforeAnythingIsWritten(bool longer)
    {
        byte[] other = longer ? [.. Old, 0] : [.. Old.AsSpan(1), 0];
        var output = new MemoryStream();

        Assert.Equal(DeltaFailure.WrongOld, await Refused(await Delta.MakeAsync(Old, New), other, output: output));
        Assert.Equal(0, output.Length);
    }

    [Fact]
    public async Task Apply_AnotherOldFileThatTheCallerTookForTheRightOne_IsRefused()
    {
        byte[] other = [.. Old.AsSpan(1), 0];

        // What it predicts from depends on the old file: the code may end elsewhere before the hash of the whole is there.
        Assert.Contains(await Refused(await Delta.MakeAsync(Old, New), other, verified: true), (DeltaFailure[])[DeltaFailure.WrongNew, DeltaFailure.Malformed]);
    }

    [Theory]
    [InlineData(-1, 10)]
    [InlineData(1991, 10)]
    [InlineData(2000, 1)]
    [InlineData(long.MaxValue - 5, 10)]
    [InlineData(long.MinValue + 5, 10)]
    public async Task Apply_CopyFromOutsideOfTheOldFile_IsRefused(long from, int length) =>
        Assert.Equal(DeltaFailure.OutsideOld, await Refused(Delta.Of(Old, New[..10], new DeltaStep(true, from, length))));

    [Theory]
    [InlineData(true, 11)]
    [InlineData(false, 11)]
    [InlineData(true, long.MaxValue)]
    [InlineData(false, long.MaxValue)]
    public async Task Apply_StepBeyondTheNewFile_IsMalformed(bool isCopy, long length) =>
        Assert.Equal(DeltaFailure.Malformed, await Refused(Delta.Of(Old, New[..10], new DeltaStep(isCopy, 0, length))));

    [Theory]
    [InlineData(uint.MaxValue)]
    [InlineData(11 + 64)]
    public async Task Apply_BlockLongerThanAnyIs_IsMalformed(uint length)
    {
        var delta = Delta.Of(Old, New[..10], new DeltaStep(true, 0, 10));
        BinaryPrimitives.WriteUInt32BigEndian(delta.AsSpan(DeltaHeader.Bytes), length);

        Assert.Equal(DeltaFailure.Malformed, await Refused([.. delta, .. new byte[100]]));
    }

    [Fact]
    public async Task Apply_BlockThatIsAByteLongerThanItsBits_IsMalformed()
    {
        var delta = Delta.Of(Old, New[..10], new DeltaStep(true, 0, 10));
        delta[DeltaHeader.Bytes + 3]++;

        Assert.Equal(DeltaFailure.Malformed, await Refused([.. delta, 0]));
    }

    [Fact]
    public async Task Apply_EmptyBlock_IsMalformed()
    {
        var delta = Delta.Of(Old, New[..10], new DeltaStep(true, 0, 10))[..(DeltaHeader.Bytes + 4)];
        delta[DeltaHeader.Bytes + 3] = 0;

        Assert.NotEqual(default, await Refused(delta));
    }

    [Fact]
    public async Task Apply_OldFileThatCannotBeRead_SaysSo()
    {
        var delta = await Delta.MakeAsync(Old, New);

        await Assert.ThrowsAsync<EndOfStreamException>(() => DeltaApplier.ApplyAsync(
            new BrokenFile(Old.Length), new MemoryStream(delta), Stream.Null, new DeltaLimits(New.Length), TestContext.Current.CancellationToken));
    }

    private static async Task<DeltaFailure> Refused(
        byte[] delta, byte[]? old = null, long limit = 10_000, bool verified = false, MemoryStream? output = null)
    {
        output ??= new MemoryStream();
        var e = await Assert.ThrowsAsync<DeltaException>(() => DeltaApplier.ApplyAsync(
            new MemoryFile(old ?? Old), new MemoryStream(delta), output, new DeltaLimits(limit, verified), TestContext.Current.CancellationToken));
        Assert.True(output.Length <= limit);
        return e.Failure;
    }

    private sealed class BrokenFile(long length) : IOldFile
    {
        public long Length => length;

        public void Read(long offset, Span<byte> buffer) => throw new EndOfStreamException("It has become shorter.");
    }
}
