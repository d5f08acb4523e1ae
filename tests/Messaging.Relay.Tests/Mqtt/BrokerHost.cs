using System.Buffers;
using Messaging.Relay.Mqtt;
using Messaging.Relay.Mqtt.Connections;
using Messaging.Relay.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Messaging.Relay.Tests.Mqtt;

/// <summary>The generic namespace on a port of its own, whose clock goes on when the test says so.</summary>
internal sealed class BrokerHost : IAsyncDisposable
{
    private readonly BrokerListener _listener;

    private BrokerHost(BrokerOptions options)
    {
        Broker = new Broker(options, Time);
        _listener = new BrokerListener(Broker, 0, NullLogger<BrokerListener>.Instance);
    }

    public Broker Broker { get; }

    public FakeTimeProvider Time { get; } = new();

    public int Port => _listener.Port;

    public static async Task<BrokerHost> StartAsync(BrokerOptions? options = null)
    {
        var host = new BrokerHost(options ?? new BrokerOptions());
        await host._listener.StartAsync(TestContext.Current.CancellationToken);
        return host;
    }

    /// <summary>A client that has been taken.</summary>
    public async Task<(RawClient Client, MqttConnAckPacket Answer)> ConnectAsync(
        string id, Action<MqttConnectPacket>? change = null, MqttProtocolVersion version = MqttProtocolVersion.V500, int? receiveBuffer = null)
    {
        var client = await RawClient.OpenAsync(Port, version, receiveBuffer);
        var connect = new MqttConnectPacket { ClientId = id, CleanSession = true, KeepAlivePeriod = 0 };
        change?.Invoke(connect);
        await client.SendAsync(connect);
        return (client, Assert.IsType<MqttConnAckPacket>(await client.ReceiveAsync()));
    }

    public async Task<RawClient> ClientAsync(string id, Action<MqttConnectPacket>? change = null, MqttProtocolVersion version = MqttProtocolVersion.V500)
    {
        var (client, answer) = await ConnectAsync(id, change, version);
        Assert.Equal(MqttConnectReasonCode.Success, answer.ReasonCode);
        return client;
    }

    /// <summary>Time goes on, and what is due is done.</summary>
    public void Pass(TimeSpan time)
    {
        Time.Advance(time);
        Broker.Sweep();
    }

    public async ValueTask DisposeAsync()
    {
        await _listener.StopAsync(CancellationToken.None);
        _listener.Dispose();
    }
}

/// <summary>Short forms of packets.</summary>
internal static class Packets
{
    public static MqttPublishPacket Publish(string topic, string payload, int quality = 0, bool isRetained = false, ushort id = 1) => new()
    {
        Topic = topic,
        Payload = new ReadOnlySequence<byte>(System.Text.Encoding.UTF8.GetBytes(payload)),
        QualityOfServiceLevel = (MqttQualityOfServiceLevel)quality,
        Retain = isRetained,
        PacketIdentifier = quality == 0 ? (ushort)0 : id,
    };

    public static string Text(this MqttPublishPacket packet) => System.Text.Encoding.UTF8.GetString(packet.Payload.ToArray());

    /// <summary>Subscribes, and answers the reason.</summary>
    public static async Task<MqttSubscribeReasonCode> SubscribeAsync(this RawClient client, string filter, int quality, Action<MqttTopicFilter>? change = null, uint id = 0)
    {
        var topic = new MqttTopicFilter { Topic = filter, QualityOfServiceLevel = (MqttQualityOfServiceLevel)quality };
        change?.Invoke(topic);
        await client.SendAsync(new MqttSubscribePacket { PacketIdentifier = 77, TopicFilters = [topic], SubscriptionIdentifier = id });
        return Assert.Single(Assert.IsType<MqttSubAckPacket>(await client.ReceiveAsync()).ReasonCodes);
    }

    public static async Task<MqttPublishPacket> MessageAsync(this RawClient client) => Assert.IsType<MqttPublishPacket>(await client.ReceiveAsync());

    /// <summary>Whether nothing came before the answer to a ping.</summary>
    public static async Task AssertNothingAsync(this RawClient client)
    {
        await client.SendAsync(MqttPingReqPacket.Instance);
        Assert.IsType<MqttPingRespPacket>(await client.ReceiveAsync());
    }
}
