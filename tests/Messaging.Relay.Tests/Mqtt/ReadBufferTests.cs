using CsCheck;
using Messaging.Relay.Mqtt.Connections;

namespace Messaging.Relay.Tests.Mqtt;

public sealed class ReadBufferTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(300)]
    [InlineData(20_000)]
    public void BeginningOfAPacket_HoldsTwiceOfItAtMost_AndWhatFollowsHasAllTheRoom(int kept)
    {
        var buffer = new ReadBuffer();
        Receive(ref buffer, ReadBuffer.Bytes, 0, 1);
        buffer.Use(ReadBuffer.Bytes - kept);
        buffer.Settle();
        Assert.InRange(buffer.Held, kept, Math.Max(16, kept * 2));
        Assert.Equal(kept, buffer.Data.Length);
        Assert.True(buffer.Room(needed: kept * 2).Length >= ReadBuffer.Bytes - kept);
        buffer.Release();
        Assert.Equal(0, buffer.Held);
    }

    [Fact]
    public void WholePackets_LeaveNothingBehind()
    {
        var buffer = new ReadBuffer();
        Receive(ref buffer, 1000, 0, 1);
        buffer.Use(1000);
        buffer.Settle();
        Assert.Equal(0, buffer.Held);
    }

    [Fact]
    public void LargePacket_IsGivenTwiceOfWhatHasCome_AndNotAllThatItAnnounces()
    {
        var buffer = new ReadBuffer();
        const int Announced = 1 << 28;
        for (var come = 0; come < 4 * ReadBuffer.Bytes;)
        {
            var isFull = Receive(ref buffer, buffer.Room(Announced).Length, Announced, 1);
            come = buffer.Data.Length;
            Assert.True(isFull);
            buffer.Settle();
            Assert.InRange(buffer.Held, come, Math.Max(ReadBuffer.Bytes, come * 2));
        }

        buffer.Release();
    }

    [Fact]
    public void WhatIsReceived_IsThereInItsOrder_HoweverItIsUsed() => Gen.Select(Gen.Int[0, 200_000], Gen.Double[0, 1], Gen.Double[0, 1]).Array[1, 40].Sample(static steps =>
    {
        var buffer = new ReadBuffer();
        var (next, first) = (0, 0);
        foreach (var (needed, come, done) in steps)
        {
            // A quarter of the receptions are full, and after a third nothing is left.
            var most = buffer.Room(needed).Length;
            var count = come < 0.25 ? most : Math.Max(1, (int)(Math.Min(most, 5000) * come));
            Receive(ref buffer, count, needed, next);
            next += count;
            var used = done < 0.33 ? buffer.Data.Length : (int)(buffer.Data.Length * done);
            buffer.Use(used);
            first += used;
            buffer.Settle();
            Assert.Equal(next - first, buffer.Data.Length);
            for (var index = 0; index < buffer.Data.Length; index++)
            {
                Assert.Equal((byte)(first + index), buffer.Data[index]);
            }
        }

        buffer.Release();
    });

    /// <summary>Numbers, of which the first is given.</summary>
    private static bool Receive(ref ReadBuffer buffer, int count, int needed, int from)
    {
        var room = buffer.Room(needed).Span;
        for (var index = 0; index < count; index++)
        {
            room[index] = (byte)(from + index);
        }

        return buffer.Add(count);
    }
}
