using System.Buffers;
using Messaging.Fuzz;
using Messaging.Streams;
using Messaging.Wire;

namespace Messaging.Tests.Wire;

public sealed class FrameTests
{
    [Fact]
    public void TryRead_Record_GivesItsPublicHeader()
    {
        var data = Samples.Record();

        Assert.True(Frame.TryRead(data, out var frame));

        Assert.Equal(FrameKind.Record, frame.Kind);
        Assert.Equal(Samples.DeviceId, frame.SenderId);
        Assert.Equal(StreamId.Metrics, frame.StreamId);
        Assert.Equal(RecordType.Metrics, frame.RecordType);
        Assert.Equal(Samples.Sender.Id.Kid, frame.Kid);
        Assert.InRange(frame.Seq, 1UL, Samples.Sender.LastSeq(StreamId.Metrics));
        Assert.Equal("plaintext".Length, frame.PlaintextBytes);
        Assert.True(data.AsSpan().EndsWith(frame.Body));
    }

    [Fact]
    public void TryRead_EpochOpen_GivesSenderAndBody()
    {
        Assert.True(Frame.TryRead(Samples.Sender.OpenFrame.Span, out var frame));

        Assert.Equal(FrameKind.EpochOpen, frame.Kind);
        Assert.Equal(Samples.DeviceId, frame.SenderId);
        Assert.Equal(0UL, frame.Seq);
        Assert.Equal(0, frame.PlaintextBytes);
        Assert.True(CoseSign1Reader.TryRead(frame.Body, out _));
    }

    [Theory]
    [InlineData("", "nothing")]
    [InlineData("80", "no fields")]
    [InlineData("830050{sender}8443a10126a04040", "kind 0")]
    [InlineData("830350{sender}40", "kind 3")]
    [InlineData("830150{sender}40", "an opening without COSE_Sign1")]
    [InlineData("850250{sender}0101581b8a", "a record cut off")]
    [InlineData("850250{sender}1a000100000158248344a1010304a1064101508888888888888888888888888888888888", "stream 65536")]
    public void TryRead_NotAFrame_IsFalse(string hex, string what) =>
        Assert.False(Frame.TryRead(Convert.FromHexString(hex.Replace("{sender}", new string('1', 32), StringComparison.Ordinal)), out _), what);

    [Theory]
    [InlineData("4101", 1UL)]
    [InlineData("41ff", 255UL)]
    [InlineData("420100", 256UL)]
    [InlineData("450100000000", 1UL << 32)]
    [InlineData("40", null)]
    [InlineData("4100", null)]
    [InlineData("420001", null)]
    [InlineData("450100000001", null)]
    [InlineData("46010000000000", null)]
    [InlineData("01", null)]
    public void TryRead_PartialIv_IsTheShortestNumberFromOne(string partialIv, ulong? expected)
    {
        var data = Record($"834da2010304481111111111111111a106{partialIv}50" + new string('8', 32));

        Assert.Equal(expected is not null, Frame.TryRead(data, out var frame));
        Assert.Equal(expected ?? 0, frame.Seq);
    }

    [Theory]
    [InlineData("8344a1010304", "no key id")]
    [InlineData("834da2010104481111111111111111a106410150", "A128GCM")]
    [InlineData("834da2044811111111111111110103a106410150", "header keys that descend")]
    [InlineData("834ea201030449111111111111111111a106410150", "9 bytes of key id")]
    [InlineData("834da2010304481111111111111111a0a150", "no partial IV")]
    [InlineData("834da2010304481111111111111111a105410150", "IV instead of partial IV")]
    [InlineData("834da2010304481111111111111111a20640064050", "two partial IVs")]
    public void TryRead_AnotherCoseHeader_IsFalse(string body, string what) =>
        Assert.False(Frame.TryRead(Record(body + new string('8', 32)), out _), what);

    [Fact]
    public void TryRead_CiphertextShorterThanItsTag_IsFalse()
    {
        Assert.True(Frame.TryRead(Record("834da2010304481111111111111111a106410150" + new string('8', 32)), out _));
        Assert.False(Frame.TryRead(Record("834da2010304481111111111111111a10641014f" + new string('8', 30)), out _));
    }

    [Fact]
    public void TryRead_LargestFrame_IsReadAndOneByteMoreIsNot()
    {
        var output = new ArrayBufferWriter<byte>();
        Samples.Sender.Seal(StreamId.Logs, RecordType.Logs, new byte[Messaging.Epochs.EpochSender.MaxPlaintextBytes], output, out _);
        Assert.True(output.WrittenCount <= WireLimits.MaxFrameBytes);
        Assert.True(Frame.TryRead(output.WrittenSpan, out _));

        var slack = WireLimits.MaxFrameBytes - output.WrittenCount;
        Assert.True(Frame.TryRead(RecordOf(output.WrittenCount + slack), out _));
        Assert.False(Frame.TryRead(RecordOf(output.WrittenCount + slack + 1), out _));
    }

    /// <summary>A record frame of exactly this size; its ciphertext is zeros.</summary>
    private static byte[] RecordOf(int size)
    {
        // 85 02 50 sender(16) 01 01 5a len(4) 83 4d header(13) a1 06 41 01 5a len(4)
        const int Overhead = 2 + 17 + 2 + 5 + 1 + 14 + 4 + 5;
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new CborWriter(buffer);
        writer.WriteArrayHead(5);
        writer.WriteUInt64(2);
        writer.WritePrincipalId(Samples.DeviceId);
        writer.WriteUInt64(1);
        writer.WriteUInt64(1);
        var body = new CborWriter(writer.WriteBytesInPlace(size - Overhead + 24));
        body.WriteArrayHead(3);
        body.WriteBytes([0xa2, 0x01, 0x03, 0x04, 0x48, 1, 2, 3, 4, 5, 6, 7, 8]);
        body.WriteMapHead(1);
        body.WriteUInt64(6);
        body.WriteBytes([1]);
        body.WriteBytes(new byte[size - Overhead]);
        Assert.Equal(size, buffer.WrittenCount);
        return buffer.WrittenSpan.ToArray();
    }

    private static byte[] Record(string body)
    {
        var bytes = Convert.FromHexString(body);
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new CborWriter(buffer);
        writer.WriteArrayHead(5);
        writer.WriteUInt64(2);
        writer.WritePrincipalId(Samples.DeviceId);
        writer.WriteUInt64(1);
        writer.WriteUInt64(1);
        writer.WriteBytes(bytes);
        return buffer.WrittenSpan.ToArray();
    }
}
