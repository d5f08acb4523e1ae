using System.Buffers;
using CsCheck;
using Messaging.Epochs;
using Messaging.Fuzz;
using Messaging.Streams;
using Messaging.Tests.Support;
using Messaging.Wire;

namespace Messaging.Tests.Epochs;

public sealed class RecordTests : IDisposable
{
    private readonly EpochSender _sender;
    private readonly EpochReceiver _receiver;

    public RecordTests()
    {
        _sender = EpochSender.Open(Samples.Device, Samples.DeviceId, Samples.EpochParameters, [Samples.ServerHpke.Public]);
        _receiver = EpochReceiver.TryOpen(
            _sender.OpenFrame.Span, Samples.Device.Public, Samples.DeviceId, [Samples.ServerHpke], out var receiver, out _)
            ? receiver
            : throw new InvalidOperationException("The epoch does not open.");
    }

    [Fact]
    public void TryOpen_AnySealedRecord_GivesItsPlaintext() =>
        Gen.Select(Gen.UInt[0, WireLimits.MaxStreamId], Gen.UInt[0, WireLimits.MaxStreamId], Gen.Byte.Array[0, 2000])
            .Sample((streamId, type, plaintext) =>
            {
                var data = Seal(streamId, type, plaintext, out var seq);
                Assert.True(Frame.TryRead(data, out var frame));
                Assert.Equal((streamId, type, seq), (frame.StreamId, frame.RecordType, frame.Seq));

                var opened = new ArrayBufferWriter<byte>();
                Assert.True(_receiver.TryOpen(frame, opened, out var error));
                Assert.Equal(RecordError.None, error);
                Assert.Equal(plaintext, opened.WrittenSpan.ToArray());
            }, iter: 500, threads: 1);

    [Fact]
    public void TryOpen_EveryBitFlippedAndEveryTruncation_IsRefused() => Mutations.AssertNoneAccepted(
        Seal(StreamId.Metrics, RecordType.Metrics, "plaintext"u8, out _), data => Opens(data));

    [Fact]
    public void TryOpen_ReaddressedRecord_IsRefused()
    {
        var data = Seal(StreamId.Metrics, RecordType.Metrics, "plaintext"u8, out _);

        // 85 02 50 sender(16) streamId type ...: the header that the relay sees is authenticated.
        Assert.False(Opens(Changed(data, 19, StreamId.Logs)));
        Assert.False(Opens(Changed(data, 20, RecordType.CommandReport)));
        Assert.False(Opens(Changed(data, 3, 0xff)));
        Assert.True(Opens(Changed(data, 19, StreamId.Metrics)));
    }

    [Fact]
    public void TryOpen_RecordOfAnotherEpoch_IsTheWrongEpoch()
    {
        using var other = EpochSender.Open(Samples.Device, Samples.DeviceId, Samples.EpochParameters, [Samples.ServerHpke.Public]);
        var output = new ArrayBufferWriter<byte>();
        other.Seal(StreamId.Metrics, RecordType.Metrics, "plaintext"u8, output, out _);
        Assert.True(Frame.TryRead(output.WrittenSpan, out var frame));

        Assert.False(_receiver.TryOpen(frame, new ArrayBufferWriter<byte>(), out var error));
        Assert.Equal(RecordError.WrongEpoch, error);

        Assert.True(Frame.TryRead(other.OpenFrame.Span, out var open));
        Assert.False(_receiver.TryOpen(open, new ArrayBufferWriter<byte>(), out error));
        Assert.Equal(RecordError.NotARecord, error);
    }

    [Fact]
    public void Seal_SameTextTwice_GivesOtherBytes()
    {
        var one = Seal(StreamId.Metrics, RecordType.Metrics, "plaintext"u8, out var first);
        var two = Seal(StreamId.Metrics, RecordType.Metrics, "plaintext"u8, out var second);

        Assert.Equal(first + 1, second);
        Assert.NotEqual(one[^25..], two[^25..]);
    }

    [Fact]
    public void Seal_EachStream_CountsFromOne()
    {
        Seal(StreamId.Metrics, RecordType.Metrics, "a"u8, out var metrics);
        Seal(StreamId.Logs, RecordType.Logs, "a"u8, out var logs);
        Seal(StreamId.Logs, RecordType.Logs, "b"u8, out var more);

        Assert.Equal((1UL, 1UL, 2UL), (metrics, logs, more));
        Assert.Equal([new StreamSeq(StreamId.Metrics, 1), new StreamSeq(StreamId.Logs, 2)], _sender.LastSeqs());
        Assert.Equal(0UL, _sender.LastSeq(StreamId.Events));
    }

    [Fact]
    public void Seal_ManyThreads_NeverUsesASequenceNumberTwice()
    {
        var frames = Enumerable.Range(0, 2000).AsParallel().WithDegreeOfParallelism(8)
            .Select(_ => (Data: Seal(StreamId.Metrics, RecordType.Metrics, "plaintext"u8, out var seq), Seq: seq)).ToArray();

        Assert.Equal(Enumerable.Range(1, 2000).Select(static seq => (ulong)seq), frames.Select(static frame => frame.Seq).Order());
        Assert.All(frames, frame => Assert.True(Opens(frame.Data)));
    }

    [Fact]
    public void Seal_OutputThatThrows_UsesNoSequenceNumber()
    {
        Assert.Throws<NotSupportedException>(() => _sender.Seal(StreamId.Metrics, RecordType.Metrics, "a"u8, new BrokenWriter(), out _));

        Seal(StreamId.Metrics, RecordType.Metrics, "a"u8, out var seq);
        Assert.Equal(1UL, seq);
    }

    [Fact]
    public void Seal_TooLargeOrBeyondTheIds_Throws()
    {
        var output = new ArrayBufferWriter<byte>();

        Assert.Throws<ArgumentException>(() => _sender.Seal(1, 1, new byte[EpochSender.MaxPlaintextBytes + 1], output, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => _sender.Seal(0x10000, 1, [], output, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => _sender.Seal(1, 0x10000, [], output, out _));
    }

    [Fact]
    public void SealAndOpen_AfterDispose_Throw()
    {
        var data = Seal(StreamId.Metrics, RecordType.Metrics, "a"u8, out _);
        _sender.Dispose();
        _receiver.Dispose();

        Assert.Throws<ObjectDisposedException>(() => Seal(StreamId.Metrics, RecordType.Metrics, "a"u8, out _));
        Assert.Throws<ObjectDisposedException>(() => Opens(data));
    }

    [Fact]
    public void Dispose_Always_ErasesTheSecret()
    {
        var secret = Samples.Bytes(32, 0x51);
        var sender = EpochSender.Open(
            Samples.Device, Samples.DeviceId, Samples.EpochParameters, [Samples.ServerHpke.Public], Samples.Epoch(1), secret,
            static () => Messaging.Crypto.HpkeKeyPair.Generate());

        sender.Dispose();

        Assert.Equal(new byte[32], secret);
    }

    [Fact]
    public void TryOpen_RefusedRecord_WritesNothing()
    {
        var data = Seal(StreamId.Metrics, RecordType.Metrics, "plaintext"u8, out _);
        data[^1] ^= 1;
        var output = new ArrayBufferWriter<byte>();
        Assert.True(Frame.TryRead(data, out var frame));

        Assert.False(_receiver.TryOpen(frame, output, out var error));

        Assert.Equal(RecordError.NotAuthentic, error);
        Assert.Equal(0, output.WrittenCount);
        output.ResetWrittenCount();
        Assert.Equal(new byte["plaintext".Length], output.GetSpan(16)[.."plaintext".Length].ToArray());
    }

    public void Dispose()
    {
        _sender.Dispose();
        _receiver.Dispose();
    }

    private static byte[] Changed(byte[] data, int at, uint value)
    {
        var changed = (byte[])data.Clone();
        changed[at] = (byte)value;
        return changed;
    }

    private byte[] Seal(uint streamId, uint type, ReadOnlySpan<byte> plaintext, out ulong seq)
    {
        var output = new ArrayBufferWriter<byte>();
        _sender.Seal(streamId, type, plaintext, output, out seq);
        return output.WrittenSpan.ToArray();
    }

    private bool Opens(ReadOnlySpan<byte> data) => Frame.TryRead(data, out var frame) && _receiver.TryOpen(frame, new ArrayBufferWriter<byte>(), out _);

    private sealed class BrokenWriter : IBufferWriter<byte>
    {
        public void Advance(int count) => throw new NotSupportedException();

        public Memory<byte> GetMemory(int sizeHint = 0) => throw new NotSupportedException();

        public Span<byte> GetSpan(int sizeHint = 0) => throw new NotSupportedException();
    }
}
