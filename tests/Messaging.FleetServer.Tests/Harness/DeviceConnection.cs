using System.Buffers;
using System.Threading.Channels;
using Messaging.Crypto;
using Messaging.Wire;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace Messaging.FleetServer.Tests.Harness;

/// <summary>One MQTT connection of a test device.</summary>
internal sealed class DeviceConnection : IAsyncDisposable
{
    private readonly TestDevice _device;
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private readonly Channel<byte[]> _arrived = Channel.CreateUnbounded<byte[]>();
    private readonly Task _receiving;

    public DeviceConnection(TestDevice device, Func<byte[], Task> receive)
    {
        _device = device;
        _client.ApplicationMessageReceivedAsync += args =>
        {
            // Answers wait for the relay, and the relay for this method: not on this thread. One after the other, as they came.
            _arrived.Writer.TryWrite(args.ApplicationMessage.Payload.ToArray());
            return Task.CompletedTask;
        };
        _receiving = Task.Run(() => ReceiveAsync(receive));
    }

    public bool IsConnected => _client.IsConnected;

    /// <summary>False when the relay does not know the device's key, which it may be told of in a moment.</summary>
    public async Task<bool> TryConnectAsync(int port)
    {
        var hello = RelayCredentials.CreateHello(_device.Id);
        var options = new MqttClientOptionsBuilder()
            .WithProtocolVersion(MqttProtocolVersion.V500)
            .WithClientId(_device.Name)
            .WithCleanStart()
            .WithTcpServer("127.0.0.1", port)
            .WithEnhancedAuthentication(RelayAuthentication.Method, hello.Encode())
            .WithEnhancedAuthenticationHandler(new Responder(_device, hello))
            .Build();
        var result = await _client.ConnectAsync(options, TestContext.Current.CancellationToken);
        if (result.ResultCode == MqttClientConnectResultCode.NotAuthorized)
        {
            return false;
        }

        Assert.Equal(MqttClientConnectResultCode.Success, result.ResultCode);
        var down = new MqttClientSubscribeOptionsBuilder().WithTopicFilter(Topics.Down(_device.Id), MqttQualityOfServiceLevel.AtLeastOnce);
        await _client.SubscribeAsync(down.Build(), TestContext.Current.CancellationToken);
        return true;
    }

    public async Task PublishAsync(byte[] frame)
    {
        if (!_client.IsConnected)
        {
            return;
        }

        try
        {
            await _client.PublishAsync(
                new MqttApplicationMessage
                {
                    Topic = Topics.Up(_device.Id),
                    Payload = new ReadOnlySequence<byte>(frame),
                    QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
                },
                TestContext.Current.CancellationToken);
        }
        catch (MQTTnet.Exceptions.MqttCommunicationException)
        {
            // As in the field: what is not acknowledged is sent again.
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_client.IsConnected)
        {
            await _client.DisconnectAsync(new MqttClientDisconnectOptions(), CancellationToken.None);
        }

        _client.Dispose();
        _arrived.Writer.TryComplete();
        await _receiving;
    }

    private async Task ReceiveAsync(Func<byte[], Task> receive)
    {
        await foreach (var payload in _arrived.Reader.ReadAllAsync())
        {
            await receive(payload);
        }
    }

    private sealed class Responder(TestDevice device, RelayHello hello) : IMqttEnhancedAuthenticationHandler
    {
        public Task HandleEnhancedAuthenticationAsync(MqttEnhancedAuthenticationEventArgs eventArgs)
        {
            Assert.True(RelayChallenge.TryDecode(eventArgs.AuthenticationData, out var challenge));
            var response = RelayCredentials.CreateResponse(device.Identity, hello, challenge);
            return eventArgs.SendAsync(new SendMqttEnhancedAuthenticationDataOptions { Data = response }, eventArgs.CancellationToken);
        }
    }
}
