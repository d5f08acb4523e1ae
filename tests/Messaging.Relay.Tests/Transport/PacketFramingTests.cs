using System.Buffers;
using CsCheck;
using Messaging.Relay.Transport;

namespace Messaging.Relay.Tests.Transport;

public sealed class PacketFramingTests
{
    private const int Limit = 1000;

    [Theory]
    [InlineData("", "Incomplete", 0)]
    [InlineData("10", "Incomplete", 0)]
    [InlineData("C000", "Complete", 2)]
    [InlineData("C000C000", "Complete", 2)]
    [InlineData("3002AABB", "Complete", 4)]
    [InlineData("3002AA", "Incomplete", 4)]
    [InlineData("10E407", "Incomplete", 999)]
    public void Measure_OfValidHeaders_TellsTheLength(string hex, string result, int length)
    {
        Assert.Equal(result, PacketFraming.Measure(Sequence(hex), Limit, out var measured).ToString());
        Assert.Equal(length, measured);
    }

    [Theory]
    [InlineData("10E607")]
    [InlineData("10FFFFFF7F")]
    [InlineData("30FFFF7F")]
    public void Measure_OverTheLimit_IsTooLargeBeforeTheBodyIsThere(string hex) =>
        Assert.Equal(FramingResult.TooLarge, PacketFraming.Measure(Sequence(hex), Limit, out _));

    [Theory]
    [InlineData("00")]
    [InlineData("0000")]
    [InlineData("10FFFFFFFF")]
    [InlineData("10FFFFFFFF01")]
    [InlineData("108000")]
    [InlineData("11")]
    [InlineData("3600")]
    [InlineData("8000")]
    [InlineData("C100")]
    public void Measure_OfWhatNoPacketStartsWith_IsMalformed(string hex) =>
        Assert.Equal(FramingResult.Malformed, PacketFraming.Measure(Sequence(hex), Limit, out _));

    [Fact]
    public void Measure_HoweverTheBytesAreSplit_SaysTheSame() =>
        Gen.Select(Gen.Byte.Array[0, 12], Gen.Int[0, 12]).Sample(
            (bytes, at) =>
            {
                var whole = PacketFraming.Measure(new ReadOnlySequence<byte>(bytes), Limit, out var length);
                var split = PacketFraming.Measure(Split(bytes, Math.Min(at, bytes.Length)), Limit, out var splitLength);
                return whole == split && length == splitLength && (whole != FramingResult.Complete || length is >= 2 and <= Limit);
            },
            iter: 20_000);

    private static ReadOnlySequence<byte> Sequence(string hex) => new(Convert.FromHexString(hex));

    private static ReadOnlySequence<byte> Split(byte[] bytes, int at)
    {
        var first = new Segment(bytes.AsMemory(0, at), 0);
        var second = first.Append(bytes.AsMemory(at));
        return new ReadOnlySequence<byte>(first, 0, second, second.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, long index)
        {
            Memory = memory;
            RunningIndex = index;
        }

        public Segment Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Segment(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
