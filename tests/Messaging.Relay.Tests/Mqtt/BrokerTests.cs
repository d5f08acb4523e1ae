using Messaging.Relay.Mqtt;
using Messaging.Relay.Tests.Support;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Messaging.Relay.Tests.Mqtt;

/// <summary>What the standard says of messages, packet by packet; the peer's packets are written and read by another implementation.</summary>
public sealed class BrokerTests
{
    [Theory]
    [InlineData(MqttProtocolVersion.V310)]
    [InlineData(MqttProtocolVersion.V311)]
    [InlineData(MqttProtocolVersion.V500)]
    public async Task Messages_OfEachQuality_AreDeliveredAsTheLowerOfBoth(MqttProtocolVersion version)
    {
        await using var host = await BrokerHost.StartAsync();
        using var subscriber = await host.ClientAsync("s", version: version);
        using var publisher = await host.ClientAsync("p");
        foreach (var granted in new[] { 0, 1, 2 })
        {
            await subscriber.SubscribeAsync("a/+", granted);
            foreach (var sent in new[] { 0, 1, 2 })
            {
                await publisher.SendAsync(Packets.Publish("a/b", $"{granted}{sent}", sent, id: 9));
                await AssertAcknowledgedAsync(publisher, sent);

                var message = await subscriber.MessageAsync();
                Assert.Equal(("a/b", $"{granted}{sent}", Math.Min(granted, sent), false), (message.Topic, message.Text(), (int)message.QualityOfServiceLevel, message.Retain));
                await AcknowledgeAsync(subscriber, message);
            }
        }
    }

    [Fact]
    public async Task Message_OfQoS2_ThatIsSentTwice_IsDeliveredOnce()
    {
        await using var host = await BrokerHost.StartAsync();
        using var subscriber = await host.ClientAsync("s");
        using var publisher = await host.ClientAsync("p");
        await subscriber.SubscribeAsync("a", 0);
        var message = Packets.Publish("a", "x", 2, id: 5);
        await publisher.SendAsync(message);
        Assert.IsType<MqttPubRecPacket>(await publisher.ReceiveAsync());
        message.Dup = true;
        await publisher.SendAsync(message);
        Assert.IsType<MqttPubRecPacket>(await publisher.ReceiveAsync());
        await publisher.SendAsync(new MqttPubRelPacket { PacketIdentifier = 5 });
        Assert.IsType<MqttPubCompPacket>(await publisher.ReceiveAsync());
        await publisher.SendAsync(new MqttPubRelPacket { PacketIdentifier = 5 });
        Assert.Equal(MqttPubCompReasonCode.PacketIdentifierNotFound, Assert.IsType<MqttPubCompPacket>(await publisher.ReceiveAsync()).ReasonCode);

        Assert.Equal("x", (await subscriber.MessageAsync()).Text());
        await subscriber.AssertNothingAsync();
    }

    [Fact]
    public async Task RetainedMessages_AreKeptReplacedAndForgotten()
    {
        await using var host = await BrokerHost.StartAsync();
        using var publisher = await host.ClientAsync("p");
        foreach (var (topic, text) in new[] { ("r/1", "old"), ("r/1", "new"), ("r/2", "two"), ("r/3", "x"), ("r/3", "") })
        {
            await publisher.SendAsync(Packets.Publish(topic, text, 1, isRetained: true));
            Assert.IsType<MqttPubAckPacket>(await publisher.ReceiveAsync());
        }

        using var subscriber = await host.ClientAsync("s");
        await subscriber.SubscribeAsync("r/#", 1);

        var got = new[] { await subscriber.MessageAsync(), await subscriber.MessageAsync() };
        Assert.Equal(["new", "two"], got.Select(static one => one.Text()).Order());
        Assert.All(got, static one => Assert.True(one.Retain));
        await subscriber.AssertNothingAsync();
        Assert.Equal(2, host.Broker.RetainedCount);
    }

    [Fact]
    public async Task RetainHandlingAndRetainAsPublished_AreHeeded()
    {
        await using var host = await BrokerHost.StartAsync();
        using var client = await host.ClientAsync("c");
        await client.SendAsync(Packets.Publish("r", "kept", isRetained: true));

        await client.SubscribeAsync("r", 0, static filter => filter.RetainHandling = MqttRetainHandling.DoNotSendOnSubscribe);
        await client.AssertNothingAsync();
        await client.SubscribeAsync("r", 0, static filter => filter.RetainHandling = MqttRetainHandling.SendAtSubscribeIfNewSubscriptionOnly);
        await client.AssertNothingAsync();
        await client.SubscribeAsync("r", 0, static filter => filter.RetainAsPublished = true);
        Assert.True((await client.MessageAsync()).Retain);

        await client.SendAsync(Packets.Publish("r", "again", isRetained: true));
        Assert.True((await client.MessageAsync()).Retain);
        await client.SubscribeAsync("r", 0, static filter => filter.RetainHandling = MqttRetainHandling.DoNotSendOnSubscribe);
        await client.SendAsync(Packets.Publish("r", "third", isRetained: true));
        Assert.False((await client.MessageAsync()).Retain);
    }

    [Fact]
    public async Task NoLocal_KeepsOwnMessagesAway()
    {
        await using var host = await BrokerHost.StartAsync();
        using var client = await host.ClientAsync("c");
        using var other = await host.ClientAsync("o");
        await client.SubscribeAsync("a", 0, static filter => filter.NoLocal = true);

        await client.SendAsync(Packets.Publish("a", "own"));
        await client.AssertNothingAsync();
        await other.SendAsync(Packets.Publish("a", "foreign"));

        Assert.Equal("foreign", (await client.MessageAsync()).Text());
    }

    [Fact]
    public async Task Properties_ArePassedOn_WithTheIdentifiersOfSubscriptions()
    {
        await using var host = await BrokerHost.StartAsync();
        using var subscriber = await host.ClientAsync("s");
        using var publisher = await host.ClientAsync("p");
        await subscriber.SubscribeAsync("a/#", 0, id: 7);
        await subscriber.SubscribeAsync("a/b", 0, id: 200);
        var sent = Packets.Publish("a/b", "x");
        sent.ResponseTopic = "answers/here";
        sent.CorrelationData = [1, 2, 3];
        sent.ContentType = "text/plain";
        sent.PayloadFormatIndicator = MqttPayloadFormatIndicator.CharacterData;
        sent.MessageExpiryInterval = 100;
        sent.TopicAlias = 3;
        sent.UserProperties = [new MqttUserProperty("k", "v"u8.ToArray()), new MqttUserProperty("k", "w"u8.ToArray())];
        await publisher.SendAsync(sent);

        var got = await subscriber.MessageAsync();

        Assert.Equal(("answers/here", "text/plain", MqttPayloadFormatIndicator.CharacterData), (got.ResponseTopic, got.ContentType, got.PayloadFormatIndicator));
        Assert.Equal([1, 2, 3], got.CorrelationData);
        Assert.Equal(["k=v", "k=w"], got.UserProperties.Select(static one => $"{one.Name}={System.Text.Encoding.UTF8.GetString(one.ValueBuffer.Span)}"));
        Assert.Equal((0, 100U), (got.TopicAlias, got.MessageExpiryInterval));
        Assert.Equal([7U, 200U], got.SubscriptionIdentifiers.Order());
        await subscriber.AssertNothingAsync();
    }

    [Fact]
    public async Task TopicAlias_StandsForItsTopic()
    {
        await using var host = await BrokerHost.StartAsync();
        using var client = await host.ClientAsync("c");
        await client.SubscribeAsync("#", 0);
        foreach (var (topic, alias) in new[] { ("a", 1), ("b", 2), ("", 1), ("", 2), ("c", 1), ("", 1) })
        {
            var message = Packets.Publish(topic, "x");
            message.TopicAlias = (ushort)alias;
            await client.SendAsync(message);
        }

        foreach (var expected in new[] { "a", "b", "a", "b", "c", "c" })
        {
            Assert.Equal(expected, (await client.MessageAsync()).Topic);
        }
    }

    [Fact]
    public async Task SharedSubscription_GivesEachMessageToOne()
    {
        await using var host = await BrokerHost.StartAsync();
        using var first = await host.ClientAsync("1");
        using var second = await host.ClientAsync("2");
        using var alone = await host.ClientAsync("3");
        using var publisher = await host.ClientAsync("p");
        await first.SubscribeAsync("$share/g/a/+", 0);
        await second.SubscribeAsync("$share/g/a/+", 0);
        await alone.SubscribeAsync("$share/other/a/+", 0);
        for (var i = 0; i < 10; i++)
        {
            await publisher.SendAsync(Packets.Publish("a/b", $"{i}"));
        }

        var got = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            got.Add((await first.MessageAsync()).Text());
            got.Add((await second.MessageAsync()).Text());
        }

        Assert.Equal(Enumerable.Range(0, 10).Select(static i => $"{i}"), got.Order());
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal($"{i}", (await alone.MessageAsync()).Text());
        }

        first.Dispose();
        await Wait.ForAsync(() => host.Broker.ConnectionCount == 3, "the first is gone");
        await publisher.SendAsync(Packets.Publish("a/b", "last"));
        Assert.Equal("last", (await second.MessageAsync()).Text());
    }

    [Fact]
    public async Task Unsubscribe_EndsIt_AndSaysWhetherThereWasOne()
    {
        await using var host = await BrokerHost.StartAsync();
        using var client = await host.ClientAsync("c");
        await client.SubscribeAsync("a", 0);

        await client.SendAsync(new MqttUnsubscribePacket { PacketIdentifier = 3, TopicFilters = ["a", "b"] });
        var answer = Assert.IsType<MqttUnsubAckPacket>(await client.ReceiveAsync());
        await client.SendAsync(Packets.Publish("a", "x"));

        Assert.Equal([MqttUnsubscribeReasonCode.Success, MqttUnsubscribeReasonCode.NoSubscriptionExisted], answer.ReasonCodes);
        await client.AssertNothingAsync();
    }

    [Fact]
    public async Task Subscription_ThatIsNoFilter_IsRefusedAlone()
    {
        await using var host = await BrokerHost.StartAsync(new BrokerOptions { MaxSubscriptionsPerSession = 1 });
        using var client = await host.ClientAsync("c");

        Assert.Equal(MqttSubscribeReasonCode.TopicFilterInvalid, await client.SubscribeAsync("a/#/b", 0));
        Assert.Equal(MqttSubscribeReasonCode.GrantedQoS2, await client.SubscribeAsync("a", 2));
        Assert.Equal(MqttSubscribeReasonCode.QuotaExceeded, await client.SubscribeAsync("b", 0));
        Assert.Equal(MqttSubscribeReasonCode.GrantedQoS0, await client.SubscribeAsync("a", 0));
    }

    [Fact]
    public async Task ReceiveMaximum_IsNotExceeded()
    {
        await using var host = await BrokerHost.StartAsync();
        using var subscriber = await host.ClientAsync("s", static connect => connect.ReceiveMaximum = 2);
        using var publisher = await host.ClientAsync("p");
        await subscriber.SubscribeAsync("a", 1);
        for (var i = 0; i < 5; i++)
        {
            await publisher.SendAsync(Packets.Publish("a", $"{i}", 1, id: (ushort)(i + 1)));
            await publisher.ReceiveAsync();
        }

        var (first, second) = (await subscriber.MessageAsync(), await subscriber.MessageAsync());
        await subscriber.AssertNothingAsync();
        await AcknowledgeAsync(subscriber, second);
        Assert.Equal("2", (await subscriber.MessageAsync()).Text());
        await subscriber.AssertNothingAsync();
        await AcknowledgeAsync(subscriber, first);
        Assert.Equal("3", (await subscriber.MessageAsync()).Text());
    }

    [Fact]
    public async Task Message_LargerThanTheSubscriberTakes_IsDroppedForIt()
    {
        await using var host = await BrokerHost.StartAsync();
        using var small = await host.ClientAsync("small", static connect => connect.MaximumPacketSize = 100);
        using var publisher = await host.ClientAsync("p");
        await small.SubscribeAsync("a", 1);

        await publisher.SendAsync(Packets.Publish("a", new string('x', 200), 1, id: 1));
        await publisher.SendAsync(Packets.Publish("a", "fits", 1, id: 2));

        Assert.Equal("fits", (await small.MessageAsync()).Text());
        Assert.Equal(1, host.Broker.Counters.TooLargeForSubscriber);
    }

    [Fact]
    public async Task Topics_OfTheServer_AreNobodysToPublish()
    {
        await using var host = await BrokerHost.StartAsync();
        using var client = await host.ClientAsync("c");
        await client.SubscribeAsync("$SYS/#", 1);

        await client.SendAsync(Packets.Publish("$SYS/x", "x", 1));

        Assert.Equal(MqttPubAckReasonCode.NotAuthorized, Assert.IsType<MqttPubAckPacket>(await client.ReceiveAsync()).ReasonCode);
        await client.AssertNothingAsync();
    }

    private static async Task AssertAcknowledgedAsync(RawClient publisher, int quality)
    {
        switch (quality)
        {
            case 1:
                Assert.Equal(9, Assert.IsType<MqttPubAckPacket>(await publisher.ReceiveAsync()).PacketIdentifier);
                break;
            case 2:
                Assert.Equal(9, Assert.IsType<MqttPubRecPacket>(await publisher.ReceiveAsync()).PacketIdentifier);
                await publisher.SendAsync(new MqttPubRelPacket { PacketIdentifier = 9 });
                Assert.Equal(9, Assert.IsType<MqttPubCompPacket>(await publisher.ReceiveAsync()).PacketIdentifier);
                break;
            default:
                break;
        }
    }

    private static async Task AcknowledgeAsync(RawClient client, MqttPublishPacket message)
    {
        switch ((int)message.QualityOfServiceLevel)
        {
            case 1:
                await client.SendAsync(new MqttPubAckPacket { PacketIdentifier = message.PacketIdentifier });
                break;
            case 2:
                await client.SendAsync(new MqttPubRecPacket { PacketIdentifier = message.PacketIdentifier });
                Assert.Equal(message.PacketIdentifier, Assert.IsType<MqttPubRelPacket>(await client.ReceiveAsync()).PacketIdentifier);
                await client.SendAsync(new MqttPubCompPacket { PacketIdentifier = message.PacketIdentifier });
                break;
            default:
                break;
        }
    }
}
