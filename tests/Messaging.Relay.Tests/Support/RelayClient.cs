using System.Buffers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;
using Messaging.Crypto;
using Messaging.Wire;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Messaging.Relay.Tests.Support;

/// <summary>A principal's MQTT client: MQTTnet's, with this profile's authentication.</summary>
internal sealed class RelayClient : IDisposable
{
    private readonly RelayHost _host;
    private readonly IMqttClient _client;
    private readonly Channel<Received> _received = Channel.CreateUnbounded<Received>();
    private readonly TaskCompletionSource<MqttClientDisconnectedEventArgs> _disconnected = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RelayClient(RelayHost host, Principal principal)
    {
        _host = host;
        Principal = principal;
        _client = new MqttClientFactory().CreateMqttClient();
        _client.ApplicationMessageReceivedAsync += arguments =>
        {
            var message = arguments.ApplicationMessage;
            arguments.AutoAcknowledge = AcknowledgesMessages;
            _received.Writer.TryWrite(new Received(message.Topic, message.Payload.ToArray(), message.QualityOfServiceLevel));
            return Task.CompletedTask;
        };
        _client.DisconnectedAsync += arguments =>
        {
            _disconnected.TrySetResult(arguments);
            return Task.CompletedTask;
        };
    }

    public Principal Principal { get; }

    public bool IsControl { get; init; }

    /// <summary>One of <see cref="Transports.Use"/>; null when the caller says itself where to connect to.</summary>
    public string? Transport { get; set; } = "tcp";

    public bool AcknowledgesMessages { get; set; } = true;

    public bool IsConnected => _client.IsConnected;

    /// <summary>The hash of the certificate that this client saw, or null without TLS.</summary>
    public byte[]? SeenSpkiHash { get; set; }

    public Task<MqttClientConnectResult> ConnectAsync(Action<MqttClientOptionsBuilder>? configure = null) =>
        ConnectWithAsync(builder =>
        {
            var hello = RelayCredentials.CreateHello(Principal.Id);
            builder.WithProtocolVersion(MqttProtocolVersion.V500)
                .WithEnhancedAuthentication(RelayAuthentication.Method, hello.Encode())
                .WithEnhancedAuthenticationHandler(new ChallengeResponder(this, hello));
            configure?.Invoke(builder);
        });

    public Task<MqttClientConnectResult> ConnectVersion3Async(string? token = null, Action<MqttClientOptionsBuilder>? configure = null) =>
        ConnectWithAsync(builder =>
        {
            builder.WithProtocolVersion(MqttProtocolVersion.V311).WithCredentials(Principal.Name, token ?? CreateToken());
            configure?.Invoke(builder);
        });

    public string CreateToken(TimeSpan offset = default, byte[]? spkiHash = null) =>
        RelayCredentials.CreateToken(Principal.Key, Principal.Id, TimeProvider.System.GetUtcNow() + offset, spkiHash);

    public void UseTls(MqttClientOptionsBuilder builder) => UseTlsOptions(builder.WithTcpServer("127.0.0.1", _host.TlsPort));

    public void UseTlsOptions(MqttClientOptionsBuilder builder) => builder.WithTlsOptions(tls => tls
        .UseTls()
        .WithCertificateValidationHandler(seen =>
        {
            SeenSpkiHash = SHA256.HashData(PublicKeyInfo(seen.Certificate));
            return true;
        }));

    public async Task<MqttClientPublishReasonCode> PublishAsync(string topic, byte[] payload, MqttQualityOfServiceLevel qos = MqttQualityOfServiceLevel.AtLeastOnce)
    {
        var message = new MqttApplicationMessageBuilder().WithTopic(topic).WithPayload(payload).WithQualityOfServiceLevel(qos).Build();
        return (await _client.PublishAsync(message, Wait.Timeout)).ReasonCode;
    }

    public async Task<MqttClientSubscribeResultCode[]> SubscribeAsync(params MqttTopicFilter[] filters)
    {
        var options = new MqttClientSubscribeOptions { TopicFilters = [.. filters] };
        var result = await _client.SubscribeAsync(options, Wait.Timeout);
        return [.. result.Items.Select(item => item.ResultCode)];
    }

    public async Task<MqttClientSubscribeResultCode> SubscribeAsync(string filter, MqttQualityOfServiceLevel qos = MqttQualityOfServiceLevel.AtLeastOnce) =>
        (await SubscribeAsync(new MqttTopicFilter { Topic = filter, QualityOfServiceLevel = qos }))[0];

    public Task UnsubscribeAsync(string filter) => _client.UnsubscribeAsync(filter, Wait.Timeout);

    public async Task<Received> ReceiveAsync() => await _received.Reader.ReadAsync(Wait.Timeout);

    public bool TryReceive(out Received received) => _received.Reader.TryRead(out received);

    /// <summary>The reason of the server's DISCONNECT.</summary>
    public async Task<MqttClientDisconnectReason> DisconnectedAsync() => (await _disconnected.Task.WaitAsync(Wait.Limit, TimeProvider.System)).Reason;

    public Task DisconnectAsync() => _client.DisconnectAsync(new MqttClientDisconnectOptions(), Wait.Timeout);

    public Task PingAsync() => _client.PingAsync(Wait.Timeout);

    public void Dispose() => _client.Dispose();

    private static byte[] PublicKeyInfo(X509Certificate certificate)
    {
        using var copy = new X509Certificate2(certificate);
        return copy.PublicKey.ExportSubjectPublicKeyInfo();
    }

    private Task<MqttClientConnectResult> ConnectWithAsync(Action<MqttClientOptionsBuilder> configure)
    {
        var builder = new MqttClientOptionsBuilder().WithClientId(Principal.Name).WithTimeout(Wait.Limit);
        configure(builder);
        if (Transport is { } transport)
        {
            Transports.Use(transport, _host, this, builder);
        }

        return _client.ConnectAsync(builder.Build(), Wait.Timeout);
    }

    private sealed class ChallengeResponder(RelayClient client, RelayHello hello) : IMqttEnhancedAuthenticationHandler
    {
        public async Task HandleEnhancedAuthenticationAsync(MqttEnhancedAuthenticationEventArgs eventArgs)
        {
            Assert.True(RelayChallenge.TryDecode(eventArgs.AuthenticationData, out var challenge));

            // The client's half of channel binding: the relay must mean the certificate that this client saw.
            if (!challenge.TlsSpkiSha256.AsSpan().SequenceEqual(client.SeenSpkiHash))
            {
                throw new ChannelBindingException();
            }

            var response = RelayCredentials.CreateResponse(client.Principal.Key, hello, challenge, client.IsControl || client._host.Control == client.Principal);
            await eventArgs.SendAsync(new SendMqttEnhancedAuthenticationDataOptions { Data = response });
        }
    }
}
