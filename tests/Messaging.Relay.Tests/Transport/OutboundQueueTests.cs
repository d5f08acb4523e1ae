using Messaging.Relay.Transport;
using Microsoft.Extensions.Time.Testing;

namespace Messaging.Relay.Tests.Transport;

public sealed class OutboundQueueTests
{
    private const int MaxBytes = 10_000;
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void TryEnqueue_BeyondTheBytes_AnswersFalse()
    {
        using var queue = new OutboundQueue(MaxBytes, reservedBytes: 0, _time);

        Assert.True(queue.TryEnqueue(Message(6000)));
        Assert.False(queue.TryEnqueue(Message(6000)));
        Assert.True(queue.TryEnqueue(Message(1000)));
    }

    [Fact]
    public void TryEnqueue_EmptyMessages_AreNotFree()
    {
        using var queue = new OutboundQueue(MaxBytes, reservedBytes: 0, _time);

        var taken = 0;
        while (queue.TryEnqueue(Message(0)))
        {
            taken++;
            Assert.True(taken <= 100);
        }
    }

    [Fact]
    public void TryEnqueue_IntoTheReserve_TakesUrgentMessagesOnly()
    {
        using var queue = new OutboundQueue(MaxBytes, reservedBytes: 2000, _time);
        Assert.True(queue.TryEnqueue(Message(7000)));

        Assert.False(queue.TryEnqueue(Message(1000)));
        Assert.True(queue.TryEnqueue(Message(1000), isUrgent: true));
    }

    [Fact]
    public async Task Written_OfQos0_FreesItsBytes()
    {
        using var queue = new OutboundQueue(MaxBytes, reservedBytes: 0, _time);
        queue.TryEnqueue(Message(9000, isAcknowledged: false));

        queue.Written(await queue.NextAsync(CancellationToken.None));

        Assert.Equal(0, queue.Bytes);
    }

    [Fact]
    public async Task Acknowledge_OfQos1_FreesItsBytes_AndWrittenDoesNot()
    {
        using var queue = new OutboundQueue(MaxBytes, reservedBytes: 0, _time);
        queue.TryEnqueue(Message(9000));
        var packet = await queue.NextAsync(CancellationToken.None);

        queue.Written(packet);
        Assert.False(queue.TryEnqueue(Message(9000)));
        queue.Acknowledge(packet.PacketId);

        Assert.Equal(0, queue.Bytes);
    }

    [Fact]
    public async Task Acknowledge_Twice_FreesOnce()
    {
        using var queue = new OutboundQueue(MaxBytes, reservedBytes: 0, _time);
        queue.TryEnqueue(Message(1000));
        queue.TryEnqueue(Message(1000));
        var first = await queue.NextAsync(CancellationToken.None);
        var bytes = queue.Bytes;

        queue.Acknowledge(first.PacketId);
        queue.Acknowledge(first.PacketId);

        Assert.Equal(bytes / 2, queue.Bytes);
    }

    [Fact]
    public async Task NextAsync_WithFullWindow_WaitsForAnAcknowledgement()
    {
        using var queue = new OutboundQueue(MaxBytes, reservedBytes: 0, _time);
        queue.LimitWindow(2);
        for (var index = 0; index < 3; index++)
        {
            queue.TryEnqueue(Message(10));
        }

        var first = await queue.NextAsync(CancellationToken.None);
        await queue.NextAsync(CancellationToken.None);
        var third = queue.NextAsync(CancellationToken.None).AsTask();
        Assert.False(third.IsCompleted);

        queue.Acknowledge(first.PacketId);

        Assert.NotEqual(0, (await third.WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System)).PacketId);
    }

    [Fact]
    public async Task NextAsync_OverManyPackets_NeverReusesAnIdentifierInFlight()
    {
        using var queue = new OutboundQueue(int.MaxValue, reservedBytes: 0, _time);
        queue.TryEnqueue(Message(0));
        var held = await queue.NextAsync(CancellationToken.None);
        for (var index = 0; index < 70_000; index++)
        {
            queue.TryEnqueue(Message(0));
            var packet = await queue.NextAsync(CancellationToken.None);
            Assert.NotEqual(0, packet.PacketId);
            Assert.NotEqual(held.PacketId, packet.PacketId);
            queue.Acknowledge(packet.PacketId);
        }
    }

    [Fact]
    public async Task IsStalled_WithoutProgress_TurnsTrueAndBackWithIt()
    {
        using var queue = new OutboundQueue(MaxBytes, reservedBytes: 0, _time);
        _time.Advance(TimeSpan.FromHours(1));
        queue.TryEnqueue(Message(10));
        Assert.False(queue.IsStalled(TimeSpan.FromSeconds(30)));

        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.True(queue.IsStalled(TimeSpan.FromSeconds(30)));

        var packet = await queue.NextAsync(CancellationToken.None);
        queue.Written(packet);
        Assert.True(queue.IsStalled(TimeSpan.FromSeconds(30)));
        queue.TryEnqueue(Message(10));
        queue.Acknowledge(packet.PacketId);
        Assert.False(queue.IsStalled(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task WaitForRoomAsync_OfAFullQueue_CompletesWhenHalfIsFree()
    {
        using var queue = new OutboundQueue(MaxBytes, reservedBytes: 0, _time);
        queue.TryEnqueue(Message(4000));
        queue.TryEnqueue(Message(4000));
        var room = queue.WaitForRoomAsync();
        Assert.False(room.IsCompleted);

        queue.Acknowledge((await queue.NextAsync(CancellationToken.None)).PacketId);

        await room.WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System);
    }

    [Fact]
    public async Task Dispose_WhileTheWriterWaits_LeavesItsCancellationInForce()
    {
        var queue = new OutboundQueue(MaxBytes, reservedBytes: 0, _time);
        using var closing = new CancellationTokenSource();
        var waiting = queue.NextAsync(closing.Token).AsTask();

        queue.Dispose();
        await closing.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System));
    }

    [Fact]
    public void TryEnqueue_AfterDispose_AnswersFalse()
    {
        var queue = new OutboundQueue(MaxBytes, reservedBytes: 0, _time);
        queue.Dispose();

        Assert.False(queue.TryEnqueue(Message(1)));
        Assert.True(queue.WaitForRoomAsync().IsCompleted);
    }

    private static OutboundMessage Message(int bytes, bool isAcknowledged = true) => new("t", new byte[bytes], isAcknowledged);
}
