using CsCheck;
using Messaging.Relay.Mqtt;
using Messaging.Relay.Tests.Support;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Messaging.Relay.Tests.Mqtt;

/// <summary>Bytes that are no MQTT, and clients that do not take what is theirs: the connection ends by name, and nobody else notices.</summary>
public sealed class BrokerAbuseTests
{
    /// <summary>Each packet cut at each byte, with the length that it then has: refused or taken, never an exception, and the broker serves on.</summary>
    [Theory]
    [InlineData(MqttProtocolVersion.V311)]
    [InlineData(MqttProtocolVersion.V500)]
    public async Task Packets_CutAtEachByte_EndOneConnectionAtMost(MqttProtocolVersion version)
    {
        await using var host = await BrokerHost.StartAsync();
        using var good = await host.ClientAsync("good");
        foreach (var packet in Samples(version))
        {
            for (var length = 2; length <= packet.Length; length++)
            {
                var cut = packet[..length];
                cut[1] = (byte)(length - 2);
                using var client = cut[0] >> 4 == 1 ? await RawClient.OpenAsync(host.Port, version) : await host.ClientAsync("cut", version: version);
                await client.TrySendAsync(cut);
                client.EndSending();
                await client.DrainAsync();
            }
        }

        await Wait.ForAsync(() => host.Broker.ConnectionCount == 1, "all of them have ended");
        await good.AssertNothingAsync();
    }

    [Fact]
    public async Task RandomBytes_BreakNothing()
    {
        await using var host = await BrokerHost.StartAsync();
        using var good = await host.ClientAsync("good");
        await Gen.Select(Gen.Bool, Gen.Byte.Array[1, 200]).SampleAsync(
            async round =>
            {
                var (isConnected, bytes) = round;
                using var client = isConnected ? await host.ClientAsync("") : await RawClient.OpenAsync(host.Port);
                await client.TrySendAsync(bytes);
                client.EndSending();
                await client.DrainAsync();
            },
            iter: 300);
        await Wait.ForAsync(() => host.Broker.ConnectionCount == 1, "all of them have ended");
        await good.AssertNothingAsync();
    }

    [Theory]
    [InlineData("10 0C 00 04 4D 51 54 54 09 02 00 3C 00 00", "a version that nobody knows")]
    [InlineData("10 0D 00 04 4D 51 54 54 05 03 00 3C 00 00 00", "a reserved flag")]
    [InlineData("30 03 00 01 61", "a message before CONNECT")]
    [InlineData("F0 00", "AUTH before CONNECT")]
    [InlineData("00 00", "no kind of packet")]
    [InlineData("10 FF FF FF FF 01", "a length of five bytes")]
    [InlineData("10 80 00", "a length that is longer than it needs to be")]
    public async Task FirstBytes_ThatAreNoConnect_AreRefused(string hex, string what)
    {
        await using var host = await BrokerHost.StartAsync();
        using var client = await RawClient.OpenAsync(host.Port);

        await client.TrySendAsync(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));
        await client.DrainAsync();

        Assert.True(host.Broker.Counters.BrokenProtocol == 1, what);
    }

    [Theory]
    [InlineData("36 05 00 01 61 00 01", MqttDisconnectReasonCode.MalformedPacket)]
    [InlineData("32 06 00 01 61 00 00 00", MqttDisconnectReasonCode.MalformedPacket)]
    [InlineData("30 04 00 01 2B 00", MqttDisconnectReasonCode.TopicNameInvalid)]
    [InlineData("30 03 00 00 00", MqttDisconnectReasonCode.ProtocolError)]
    [InlineData("30 06 00 00 03 23 00 00", MqttDisconnectReasonCode.TopicAliasInvalid)]
    [InlineData("30 06 00 00 03 23 00 05", MqttDisconnectReasonCode.TopicAliasInvalid)]
    [InlineData("30 07 00 01 61 03 23 FF FF", MqttDisconnectReasonCode.TopicAliasInvalid)]
    [InlineData("30 06 00 01 61 02 0B 01", MqttDisconnectReasonCode.ProtocolError)]
    [InlineData("30 06 00 02 C3 28 00 00", MqttDisconnectReasonCode.MalformedPacket)]
    [InlineData("82 03 00 01 00", MqttDisconnectReasonCode.ProtocolError)]
    [InlineData("82 07 00 01 00 00 01 61 03", MqttDisconnectReasonCode.ProtocolError)]
    [InlineData("82 07 00 01 00 00 01 61 40", MqttDisconnectReasonCode.MalformedPacket)]
    [InlineData("A2 03 00 01 00", MqttDisconnectReasonCode.ProtocolError)]
    [InlineData("10 0D 00 04 4D 51 54 54 05 02 00 3C 00 00 00", MqttDisconnectReasonCode.ProtocolError)]
    [InlineData("C0 01 00", MqttDisconnectReasonCode.MalformedPacket)]
    [InlineData("E0 07 00 05 11 00 00 00 01", MqttDisconnectReasonCode.ProtocolError)]
    public async Task Packet_ThatBreaksTheProtocol_EndsTheConnectionByName(string hex, MqttDisconnectReasonCode reason)
    {
        await using var host = await BrokerHost.StartAsync();
        using var client = await host.ClientAsync("c");

        await client.TrySendAsync(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));

        Assert.Equal(reason, await client.DisconnectReasonAsync());
    }

    [Fact]
    public async Task Packet_LargerThanAllowed_IsRefusedByItsLength()
    {
        await using var host = await BrokerHost.StartAsync(new BrokerOptions { MaxPacketBytes = 1000 });
        using var client = await host.ClientAsync("c");

        await client.TrySendAsync(new byte[] { 0x30, 0xE8, 0x07 });

        Assert.Equal(MqttDisconnectReasonCode.PacketTooLarge, await client.DisconnectReasonAsync());
    }

    [Fact]
    public async Task Packet_ThatComesByteByByte_IsTaken()
    {
        await using var host = await BrokerHost.StartAsync();
        using var client = await host.ClientAsync("c");
        await client.SubscribeAsync("a", 0);
        foreach (var one in client.Encode(Packets.Publish("a", "slow")))
        {
            await client.SendAsync(new[] { one });
        }

        Assert.Equal("slow", (await client.MessageAsync()).Text());
    }

    [Fact]
    public async Task LargeMessages_AreTakenAndDelivered()
    {
        await using var host = await BrokerHost.StartAsync();
        using var client = await host.ClientAsync("c");
        await client.SubscribeAsync("a", 1);
        var text = new string('x', 900_000);
        for (ushort id = 1; id < 4; id++)
        {
            await client.SendAsync(Packets.Publish("a", text, 1, id: id));
            var packets = new[] { await client.ReceiveAsync(), await client.ReceiveAsync() };
            Assert.Equal(text.Length, Assert.Single(packets.OfType<MqttPublishPacket>()).Payload.Length);
            Assert.Single(packets.OfType<MqttPubAckPacket>());
        }
    }

    [Fact]
    public async Task UnfinishedMessagesOfQoS2_AreBounded()
    {
        await using var host = await BrokerHost.StartAsync(new BrokerOptions { ReceiveMaximum = 3 });
        using var client = await host.ClientAsync("c");
        for (ushort id = 1; id < 5; id++)
        {
            await client.SendAsync(Packets.Publish("a", "x", 2, id: id));
        }

        Assert.Equal(MqttDisconnectReasonCode.ReceiveMaximumExceeded, await client.DisconnectReasonAsync());
    }

    [Fact]
    public async Task Client_ThatReadsNothing_IsBoundedAndEnded_AndOthersGetAll()
    {
        const int Count = 3000;
        await using var host = await BrokerHost.StartAsync(new BrokerOptions { MaxUnsentBytes = 256 * 1024 });
        var (idle, _) = await host.ConnectAsync("idle", receiveBuffer: 8192);
        using var stuck = idle;
        using var reader = await host.ClientAsync("reader");
        using var publisher = await host.ClientAsync("p");
        await stuck.SubscribeAsync("a", 0);
        await reader.SubscribeAsync("a", 0);
        var text = new string('x', 4096);
        var reading = Task.Run(async () =>
        {
            for (var i = 0; i < Count; i++)
            {
                await reader.MessageAsync();
            }
        });
        for (var i = 0; i < Count; i++)
        {
            await publisher.SendAsync(Packets.Publish("a", text));
            if (i % 20 == 0)
            {
                await publisher.AssertNothingAsync();
            }
        }

        await reading;
        Assert.True(host.Broker.Counters.DroppedForSlowConsumers > 0);

        host.Pass(TimeSpan.FromSeconds(31));

        await Wait.ForAsync(
            () =>
            {
                host.Pass(TimeSpan.FromSeconds(1));
                return host.Broker.ConnectionCount == 2;
            },
            "who takes nothing is ended");
    }

    [Fact]
    public async Task Connections_AreBounded()
    {
        await using var host = await BrokerHost.StartAsync(new BrokerOptions { MaxConnections = 2 });
        using var first = await host.ClientAsync("1");
        using var second = await host.ClientAsync("2");
        using var third = await RawClient.OpenAsync(host.Port);

        Assert.Null(await third.ReceiveAsync());
        await first.AssertNothingAsync();
    }

    [Fact]
    public async Task RetainedMessages_AreBounded()
    {
        await using var host = await BrokerHost.StartAsync(new BrokerOptions { MaxRetainedMessages = 2 });
        using var client = await host.ClientAsync("c");
        var reasons = new List<MqttPubAckReasonCode>();
        foreach (var topic in new[] { "1", "2", "3", "1" })
        {
            await client.SendAsync(Packets.Publish(topic, "x", 1, isRetained: true));
            reasons.Add(Assert.IsType<MqttPubAckPacket>(await client.ReceiveAsync()).ReasonCode);
        }

        Assert.Equal([MqttPubAckReasonCode.NoMatchingSubscribers, MqttPubAckReasonCode.NoMatchingSubscribers, MqttPubAckReasonCode.QuotaExceeded, MqttPubAckReasonCode.NoMatchingSubscribers], reasons);
    }

    private static IEnumerable<byte[]> Samples(MqttProtocolVersion version)
    {
        var formatter = new MqttPacketFormatterAdapter(version, new MqttBufferWriter(4096, 65535));
        var publish = Packets.Publish("a/b", "payload", 1, id: 3);
        var connect = new MqttConnectPacket { ClientId = "cut", CleanSession = true, KeepAlivePeriod = 10, Username = "name", Password = "word"u8.ToArray(), WillFlag = true, WillTopic = "w", WillMessage = [1] };
        if (version == MqttProtocolVersion.V500)
        {
            publish.ResponseTopic = "r";
            publish.CorrelationData = [1, 2];
            publish.UserProperties = [new MqttUserProperty("k", "v"u8.ToArray())];
            connect.SessionExpiryInterval = 5;
            connect.WillDelayInterval = 3;
            connect.UserProperties = [new MqttUserProperty("k", "v"u8.ToArray())];
        }

        MqttPacket[] packets =
        [
            connect,
            publish,
            new MqttPubAckPacket { PacketIdentifier = 3 },
            new MqttPubRecPacket { PacketIdentifier = 3 },
            new MqttPubRelPacket { PacketIdentifier = 3 },
            new MqttPubCompPacket { PacketIdentifier = 3 },
            new MqttSubscribePacket { PacketIdentifier = 3, TopicFilters = [new MqttTopicFilter { Topic = "a/#" }, new MqttTopicFilter { Topic = "b" }] },
            new MqttUnsubscribePacket { PacketIdentifier = 3, TopicFilters = ["a/#", "b"] },
            new MqttDisconnectPacket(),
        ];
        foreach (var packet in packets)
        {
            yield return formatter.Encode(packet).ToArray();
            formatter.Cleanup();
        }
    }
}
