using Messaging.Relay.Mqtt.Connections;
using Messaging.Relay.Mqtt.Protocol;

namespace Messaging.Relay.Tests.Mqtt;

public sealed class AckQueueTests
{
    private readonly List<ushort> _sent = [];

    [Fact]
    public void Acknowledgements_AreSentInTheOrderInWhichTheyWereAdded()
    {
        var queue = new AckQueue((slot, _) => _sent.Add(slot.PacketId), limit: 2);
        var slots = Enumerable.Range(1, 3).Select(id => queue.Add(PacketKind.PubAck, (ushort)id)).ToList();
        queue.Complete(slots[1], ReasonCode.Success, new FlushList());
        Assert.Empty(_sent);
        queue.Complete(slots[0], ReasonCode.Success, new FlushList());
        queue.Complete(slots[2], ReasonCode.Success, new FlushList());
        Assert.Equal([1, 2, 3], _sent);
    }

    [Fact]
    public async Task Closed_ItSendsNothing_AndLetsGoWhoWaitsForRoom()
    {
        var queue = new AckQueue((slot, _) => _sent.Add(slot.PacketId), limit: 1);
        var slots = Enumerable.Range(1, 3).Select(id => queue.Add(PacketKind.PubAck, (ushort)id)).ToList();
        var waiting = queue.WhenRoomAsync();
        Assert.False(waiting.IsCompleted);
        queue.Close();
        await waiting.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, TestContext.Current.CancellationToken);
        slots.Add(queue.Add(PacketKind.PubAck, 4));
        slots.ForEach(slot => queue.Complete(slot, ReasonCode.Success, new FlushList()));
        Assert.Empty(_sent);
        Assert.True(queue.WhenRoomAsync().IsCompleted);
    }
}
