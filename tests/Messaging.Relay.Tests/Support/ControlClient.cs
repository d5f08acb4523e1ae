using Messaging.Wire;
using MQTTnet;

namespace Messaging.Relay.Tests.Support;

/// <summary>Control as the fleet server would be it: gives the directory, hears devices and presence.</summary>
internal sealed class ControlClient(RelayClient client)
{
    private readonly Queue<Received> _unread = new();

    public RelayClient Client => client;

    public ulong Version { get; private set; }

    public async Task ConnectAsync(Action<MqttClientOptionsBuilder>? configure = null)
    {
        var result = await client.ConnectAsync(builder =>
        {
            builder.WithClientId("control");
            configure?.Invoke(builder);
        });
        Assert.Equal(MqttClientConnectResultCode.Success, result.ResultCode);
        Assert.Equal(MqttClientSubscribeResultCode.GrantedQoS1, await client.SubscribeAsync(Topics.DirectoryAck));
        Assert.Equal(MqttClientSubscribeResultCode.GrantedQoS1, await client.SubscribeAsync(Topics.UpFilter));
        Assert.Equal(MqttClientSubscribeResultCode.GrantedQoS1, await client.SubscribeAsync(Topics.PresenceFilter));
    }

    public async Task SendSnapshotAsync(params DirectoryEntry[] entries)
    {
        Version++;
        await SendAsync(new DirectoryUpdate(Version, DirectoryUpdateKind.SnapshotBegin, []));
        await SendAsync(new DirectoryUpdate(Version, DirectoryUpdateKind.SnapshotPart, entries));
        await SendAsync(new DirectoryUpdate(Version, DirectoryUpdateKind.SnapshotEnd, []));
    }

    public Task SendDeltaAsync(params DirectoryEntry[] entries) => SendAsync(new DirectoryUpdate(++Version, DirectoryUpdateKind.Delta, entries));

    /// <summary>Waits for the next message of a topic; others stay unread, in order.</summary>
    public async Task<Received> ReceiveAsync(string topic)
    {
        for (var count = _unread.Count; count > 0; count--)
        {
            var old = _unread.Dequeue();
            if (old.Topic == topic)
            {
                return old;
            }

            _unread.Enqueue(old);
        }

        while (true)
        {
            var received = await client.ReceiveAsync();
            if (received.Topic == topic)
            {
                return received;
            }

            _unread.Enqueue(received);
        }
    }

    public async Task<PresenceEvent> ReceivePresenceAsync(Principal device)
    {
        var received = await ReceiveAsync(Topics.Presence(device.Id));
        Assert.True(PresenceEvent.TryDecode(received.Payload, out var presence));
        return presence;
    }

    private async Task SendAsync(DirectoryUpdate update)
    {
        Assert.Equal(MqttClientPublishReasonCode.Success, await client.PublishAsync(Topics.Directory, update.Encode()));
        var received = await ReceiveAsync(Topics.DirectoryAck);
        Assert.True(DirectoryAck.TryDecode(received.Payload, out var ack));
        Assert.Equal(new DirectoryAck(update.Version, update.Kind), ack);
    }
}
