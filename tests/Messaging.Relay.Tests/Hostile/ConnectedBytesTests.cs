using Messaging.Relay.Tests.Support;
using Messaging.Wire;
using MQTTnet;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Messaging.Relay.Tests.Hostile;

/// <summary>Devices that are who they say and do not behave.</summary>
public sealed class ConnectedBytesTests
{
    public static TheoryData<string, MqttDisconnectReasonCode> Forbidden => new()
    {
        { "retained publish", MqttDisconnectReasonCode.RetainNotSupported },
        { "qos 2 publish", MqttDisconnectReasonCode.QoSNotSupported },
        { "topic alias", MqttDisconnectReasonCode.TopicAliasInvalid },
        { "empty topic", MqttDisconnectReasonCode.ProtocolError },
        { "subscription identifier", MqttDisconnectReasonCode.SubscriptionIdentifiersNotSupported },
        { "second connect", MqttDisconnectReasonCode.ProtocolError },
        { "re-authentication", MqttDisconnectReasonCode.NotAuthorized },
        { "connack", MqttDisconnectReasonCode.ProtocolError },
        { "pubrel", MqttDisconnectReasonCode.ProtocolError },
    };

    [Theory]
    [MemberData(nameof(Forbidden))]
    public async Task Packet_OutsideTheTerms_IsCutWithItsReason(string what, MqttDisconnectReasonCode reason)
    {
        await using var host = await RelayHost.StartAsync();
        var device = host.NewPrincipal();
        var control = await host.ConnectControlAsync(device);
        using var client = await RawClient.ConnectAsync(host, device);
        var up = Topics.Up(device.Id);

        await client.SendAsync(what switch
        {
            "retained publish" => Publish(up, retain: true),
            "qos 2 publish" => Publish(up, MqttQualityOfServiceLevel.ExactlyOnce),
            "topic alias" => Publish(up, alias: 1),
            "empty topic" => Publish(string.Empty),
            "subscription identifier" => new MqttSubscribePacket
            {
                PacketIdentifier = 1,
                SubscriptionIdentifier = 1,
                TopicFilters = [new MqttTopicFilter { Topic = Topics.Down(device.Id) }],
            },
            "second connect" => RawClient.Hello(device, out _),
            "re-authentication" => RawClient.Answer([1]),
            "connack" => new MqttConnAckPacket(),
            "pubrel" => new MqttPubRelPacket { PacketIdentifier = 1 },
            _ => throw new ArgumentException("Unknown case.", nameof(what)),
        });

        Assert.Equal(reason, await client.DisconnectReasonAsync());
        Assert.Equal(1, host.Count("protocolViolations"));
        Assert.Equal(0, host.Count("messagesUp"));
        await control.Client.PingAsync();
    }

    [Fact]
    public async Task Packet_LargerThanAllowed_IsCutAtItsHeader()
    {
        await using var host = await RelayHost.StartAsync();
        var device = host.NewPrincipal();
        await host.ConnectControlAsync(device);
        using var client = await RawClient.ConnectAsync(host, device);

        // PUBLISH of 256 MiB; nothing of it follows.
        await client.SendAsync(new byte[] { 0x30, 0xFF, 0xFF, 0xFF, 0x7F });

        Assert.Equal(MqttDisconnectReasonCode.PacketTooLarge, await client.DisconnectReasonAsync());
        Assert.Equal(1, host.Count("oversizedPackets"));
    }

    [Fact]
    public async Task Packet_OfTheLargestSize_Passes_AndOneByteMoreDoesNot()
    {
        await using var host = await RelayHost.StartAsync();
        var device = host.NewPrincipal();
        var control = await host.ConnectControlAsync(device);
        using var client = await RawClient.ConnectAsync(host, device);
        var overhead = client.Encode(Publish(Topics.Up(device.Id), payload: new byte[RelayDefaults.MaxPacketBytes])).Length - RelayDefaults.MaxPacketBytes;

        await client.SendAsync(Publish(Topics.Up(device.Id), payload: new byte[RelayDefaults.MaxPacketBytes - overhead]));
        Assert.Equal(MqttPubAckReasonCode.Success, Assert.IsType<MqttPubAckPacket>(await client.ReceiveAsync()).ReasonCode);
        await control.ReceiveAsync(Topics.Up(device.Id));

        await client.TrySendAsync(client.Encode(Publish(Topics.Up(device.Id), payload: new byte[RelayDefaults.MaxPacketBytes - overhead + 1])));
        await client.DrainAsync();
        Assert.Equal(1, host.Count("oversizedPackets"));
    }

    [Fact]
    public async Task Packet_Malformed_IsCutWithItsReason()
    {
        await using var host = await RelayHost.StartAsync();
        var device = host.NewPrincipal();
        await host.ConnectControlAsync(device);
        using var client = await RawClient.ConnectAsync(host, device);

        // PUBLISH whose topic is longer than the packet.
        await client.SendAsync(new byte[] { 0x30, 0x03, 0xFF, 0xFF, 0x41 });

        Assert.Equal(MqttDisconnectReasonCode.MalformedPacket, await client.DisconnectReasonAsync());
    }

    [Fact]
    public async Task Silence_BeyondTheKeepAlive_IsCut()
    {
        await using var host = await RelayHost.StartAsync(options => options with { ConnectTimeout = TimeSpan.FromSeconds(2) });
        var device = host.NewPrincipal();
        await host.ConnectControlAsync(device);
        using var client = await RawClient.ConnectAsync(host, device, connect => connect.KeepAlivePeriod = 1);

        Assert.Equal(MqttDisconnectReasonCode.KeepAliveTimeout, await client.DisconnectReasonAsync());
        Assert.Equal(1, host.Count("keepAliveTimeouts"));
    }

    [Fact]
    public async Task Acknowledgements_KeepAConnectionAlive()
    {
        await using var host = await RelayHost.StartAsync(options => options with { ConnectTimeout = TimeSpan.FromSeconds(2) });
        var device = host.NewPrincipal();
        var control = await host.ConnectControlAsync(device);
        using var client = await RawClient.ConnectAsync(host, device, connect => connect.KeepAlivePeriod = 1);
        await client.SubscribeAsync(Topics.Down(device.Id));

        // For longer than one and a half keep-alives nothing but PUBACK comes from the client.
        for (var round = 0; round < 5; round++)
        {
            await control.Client.PublishAsync(Topics.Down(device.Id), [1]);
            var publish = Assert.IsType<MqttPublishPacket>(await client.ReceiveAsync());
            await client.SendAsync(new MqttPubAckPacket { PacketIdentifier = publish.PacketIdentifier });
            await Task.Delay(TimeSpan.FromMilliseconds(400), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        Assert.Equal(0, host.Count("keepAliveTimeouts"));
    }

    private static MqttPublishPacket Publish(
        string topic, MqttQualityOfServiceLevel qos = MqttQualityOfServiceLevel.AtLeastOnce, bool retain = false, ushort alias = 0, byte[]? payload = null) => new()
        {
            Topic = topic,
            QualityOfServiceLevel = qos,
            PacketIdentifier = 1,
            Retain = retain,
            TopicAlias = alias,
            Payload = new(payload ?? [1]),
        };
}
