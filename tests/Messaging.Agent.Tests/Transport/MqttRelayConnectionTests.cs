using Messaging.Agent.Transport;
using MQTTnet;
using MQTTnet.Diagnostics.PacketInspection;
using MQTTnet.Exceptions;

namespace Messaging.Agent.Tests.Transport;

public sealed class MqttRelayConnectionTests
{
    [Fact]
    public async Task Publish_ConnectionEnds_IsRefusedByTheRelay()
    {
        await using var connection = Connection(static () => throw new MqttCommunicationException("reset by peer"));

        var refused = await Assert.ThrowsAsync<RelayRefusedException>(() => connection.PublishAsync(new byte[1], CancellationToken.None));

        Assert.Equal((RelayRefusal.Unreachable, "reset by peer"), (refused.Refusal, refused.Message));
    }

    [Fact]
    public async Task Publish_ConnectionEndsAndItsUsersAreCancelledFirst_IsCancelled()
    {
        using var user = new CancellationTokenSource();
        await using var connection = Connection(() =>
        {
            user.Cancel();
            throw new MqttCommunicationException("Unexpected DISCONNECT");
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connection.PublishAsync(new byte[1], user.Token));
    }

    private static MqttRelayConnection Connection(Func<MqttClientPublishResult> publish) => new(new Client(publish), "topic", static _ => Task.CompletedTask);

    /// <summary>Publishes as it is told, and does nothing else.</summary>
    private sealed class Client(Func<MqttClientPublishResult> publish) : IMqttClient
    {
        public event Func<MqttApplicationMessageReceivedEventArgs, Task> ApplicationMessageReceivedAsync
        {
            add { }
            remove { }
        }

        public event Func<MqttClientConnectedEventArgs, Task> ConnectedAsync
        {
            add { }
            remove { }
        }

        public event Func<MqttClientConnectingEventArgs, Task> ConnectingAsync
        {
            add { }
            remove { }
        }

        public event Func<MqttClientDisconnectedEventArgs, Task> DisconnectedAsync
        {
            add { }
            remove { }
        }

        public event Func<InspectMqttPacketEventArgs, Task> InspectPacketAsync
        {
            add { }
            remove { }
        }

        public bool IsConnected => false;

        public MqttClientOptions Options => throw new NotSupportedException();

        public Task<MqttClientPublishResult> PublishAsync(MqttApplicationMessage applicationMessage, CancellationToken cancellationToken = default) => Task.FromResult(publish());

        public Task<MqttClientConnectResult> ConnectAsync(MqttClientOptions options, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task DisconnectAsync(MqttClientDisconnectOptions options, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task PingAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task SendEnhancedAuthenticationExchangeDataAsync(MqttEnhancedAuthenticationExchangeData data, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<MqttClientSubscribeResult> SubscribeAsync(MqttClientSubscribeOptions options, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<MqttClientUnsubscribeResult> UnsubscribeAsync(MqttClientUnsubscribeOptions options, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public void Dispose()
        {
        }
    }
}
