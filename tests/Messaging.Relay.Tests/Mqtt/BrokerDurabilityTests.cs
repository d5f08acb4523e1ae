using Messaging.Relay.Mqtt;
using Messaging.Relay.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Messaging.Relay.Tests.Mqtt;

/// <summary>What was acknowledged is there after a kill: each test goes on with a copy of the files of the moment.</summary>
public sealed class BrokerDurabilityTests
{
    [Theory]
    [InlineData(MqttProtocolVersion.V311, 1)]
    [InlineData(MqttProtocolVersion.V500, 1)]
    [InlineData(MqttProtocolVersion.V500, 2)]
    public async Task Message_ThatWaitsForASession_IsThereAfterAKill(MqttProtocolVersion version, int quality)
    {
        await using var host = await BrokerHost.StartAsync();
        using (var away = await host.ClientAsync("s", Keep, version))
        {
            await away.SubscribeAsync("a/+", quality);
        }

        using var publisher = await host.ClientAsync("p");
        for (ushort i = 1; i <= 3; i++)
        {
            await PublishAsync(publisher, Packets.Publish($"a/{i}", $"{i}", quality, id: i));
        }

        await using var next = await host.KilledAsync();
        var (client, answer) = await next.ConnectAsync("s", Keep, version);
        using var back = client;
        Assert.True(answer.IsSessionPresent);
        for (var i = 1; i <= 3; i++)
        {
            var message = await client.MessageAsync();
            Assert.Equal(($"a/{i}", $"{i}", (MqttQualityOfServiceLevel)quality), (message.Topic, message.Text(), message.QualityOfServiceLevel));
        }

        // It is subscribed still.
        using var other = await next.ClientAsync("p");
        await other.SendAsync(Packets.Publish("a/4", "4"));
        Assert.Equal("4", (await client.MessageAsync()).Text());
    }

    [Fact]
    public async Task Message_ThatWasDelivered_IsNotThereAgain()
    {
        await using var host = await BrokerHost.StartAsync();
        using var subscriber = await host.ClientAsync("s", Keep);
        await subscriber.SubscribeAsync("a", 1);
        using var publisher = await host.ClientAsync("p");
        for (ushort i = 1; i <= 50; i++)
        {
            await PublishAsync(publisher, Packets.Publish("a", $"{i}", 1, id: i));
            await subscriber.SendAsync(new MqttPubAckPacket { PacketIdentifier = (await subscriber.MessageAsync()).PacketIdentifier });
        }

        // Its ends go along with what comes next.
        await subscriber.AssertNothingAsync();
        await PublishAsync(publisher, Packets.Publish("a", "last", 1, id: 99));
        await using var next = await host.KilledAsync();
        using var back = await next.ClientAsync("s", Keep);
        Assert.Equal("last", (await back.MessageAsync()).Text());
        await back.AssertNothingAsync();
    }

    [Fact]
    public async Task Message_OfQoS2_IsDeliveredOnce_WhereverTheKillComes()
    {
        await using var host = await BrokerHost.StartAsync();
        var subscriber = await host.ClientAsync("s", Keep);
        await subscriber.SubscribeAsync("a", 2);
        using var publisher = await host.ClientAsync("p");
        await PublishAsync(publisher, Packets.Publish("a", "x", 2, id: 9));
        var message = await subscriber.MessageAsync();

        // Sent and not answered: it comes again, by the same identifier and as a duplicate.
        await using (var sent = await host.KilledAsync())
        {
            using var back = await sent.ClientAsync("s", Keep);
            var again = await back.MessageAsync();
            Assert.Equal(("x", message.PacketIdentifier, true), (again.Text(), again.PacketIdentifier, again.Dup));
        }

        // Answered: only the end is said again.
        await subscriber.SendAsync(new MqttPubRecPacket { PacketIdentifier = message.PacketIdentifier });
        Assert.IsType<MqttPubRelPacket>(await subscriber.ReceiveAsync());
        await using var released = await host.KilledAsync();
        using (var back = await released.ClientAsync("s", Keep))
        {
            Assert.Equal(message.PacketIdentifier, Assert.IsType<MqttPubRelPacket>(await back.ReceiveAsync()).PacketIdentifier);
            await back.SendAsync(new MqttPubCompPacket { PacketIdentifier = message.PacketIdentifier });
            await back.AssertNothingAsync();
            await back.SubscribeAsync("b", 0);
        }

        await using var over = await released.KilledAsync();
        using var last = await over.ClientAsync("s", Keep);
        await last.AssertNothingAsync();
        subscriber.Dispose();
    }

    [Fact]
    public async Task Publisher_OfQoS2_ThatComesAgainAfterAKill_IsNotTakenTwice()
    {
        await using var host = await BrokerHost.StartAsync();
        using var publisher = await host.ClientAsync("p", Keep);
        using (var away = await host.ClientAsync("s", Keep))
        {
            await away.SubscribeAsync("a", 2);
        }

        await publisher.SendAsync(Packets.Publish("a", "x", 2, id: 9));
        Assert.IsType<MqttPubRecPacket>(await publisher.ReceiveAsync());

        await using var next = await host.KilledAsync();
        var (again, answer) = await next.ConnectAsync("p", Keep);
        using var client = again;
        Assert.True(answer.IsSessionPresent);
        var duplicate = Packets.Publish("a", "x", 2, id: 9);
        duplicate.Dup = true;
        await PublishAsync(again, duplicate);
        using (var subscriber = await next.ClientAsync("s", Keep))
        {
            Assert.Equal("x", (await subscriber.MessageAsync()).Text());
            await subscriber.AssertNothingAsync();
        }

        // The identifier is free, also after one more.
        await using var third = await next.KilledAsync();
        using var later = await third.ClientAsync("p", Keep);
        await PublishAsync(later, Packets.Publish("a", "y", 2, id: 9));
        using var reader = await third.ClientAsync("s", Keep);
        Assert.Equal("x", (await reader.MessageAsync()).Text());
        Assert.Equal("y", (await reader.MessageAsync()).Text());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task RetainedMessage_IsThereAfterAKill_AndOneThatWasTakenBackIsNot(int quality)
    {
        await using var host = await BrokerHost.StartAsync();
        using var publisher = await host.ClientAsync("p");
        var kept = Packets.Publish("kept", "2", quality, isRetained: true, id: 3);
        kept.UserProperties = [new MqttUserProperty("unit", "°C"u8.ToArray())];
        kept.MessageExpiryInterval = 100;
        await PublishAsync(publisher, Packets.Publish("kept", "1", quality, isRetained: true, id: 1));
        await PublishAsync(publisher, Packets.Publish("gone", "1", quality, isRetained: true, id: 2));
        await PublishAsync(publisher, kept);
        await PublishAsync(publisher, Packets.Publish("gone", "", quality, isRetained: true, id: 4));
        host.Time.Advance(TimeSpan.FromSeconds(40));

        await using var next = await host.KilledAsync();
        using var client = await next.ClientAsync("s");
        await client.SubscribeAsync("#", 2);
        var message = await client.MessageAsync();
        Assert.Equal(("kept", "2", true, 60U), (message.Topic, message.Text(), message.Retain, message.MessageExpiryInterval));
        Assert.Equal("unit", Assert.Single(message.UserProperties).Name);
        await client.AssertNothingAsync();
        next.Pass(TimeSpan.FromSeconds(61));
        Assert.Equal(0, next.Broker.RetainedCount);
        using var other = await next.ClientAsync("p");
        await PublishAsync(other, Packets.Publish("other", "1", 1, isRetained: true, id: 1));
        await using var last = await next.KilledAsync();
        Assert.Equal(1, last.Broker.RetainedCount);
    }

    [Fact]
    public async Task Subscription_IsThereAfterAKill_WithAllThatItSaid_AndOneThatEndedIsNot()
    {
        await using var host = await BrokerHost.StartAsync();
        using (var away = await host.ClientAsync("s", Keep))
        {
            await away.SubscribeAsync("a/#", 1, static filter => filter.RetainAsPublished = true, id: 7);
            await away.SubscribeAsync("$share/g/b", 1);
            await away.SubscribeAsync("gone", 1);
            await away.SendAsync(new MqttUnsubscribePacket { PacketIdentifier = 5, TopicFilters = ["gone"] });
            Assert.IsType<MqttUnsubAckPacket>(await away.ReceiveAsync());
        }

        await using var next = await host.KilledAsync();
        using var publisher = await next.ClientAsync("p");
        foreach (var (topic, id) in new[] { ("gone", 1), ("b", 2), ("a/1", 3) })
        {
            await PublishAsync(publisher, Packets.Publish(topic, topic, 1, isRetained: topic == "a/1", id: (ushort)id));
        }

        using var client = await next.ClientAsync("s", Keep);
        Assert.Equal("b", (await client.MessageAsync()).Topic);
        var message = await client.MessageAsync();
        Assert.Equal(("a/1", true), (message.Topic, message.Retain));
        Assert.Equal([7U], message.SubscriptionIdentifiers);
        await client.AssertNothingAsync();
    }

    [Fact]
    public async Task Session_ThatEnded_IsNotThereAfterAKill_AndItsTimeGoesOnMeanwhile()
    {
        await using var host = await BrokerHost.StartAsync();
        foreach (var id in new[] { "clean", "short", "long" })
        {
            using var client = await host.ClientAsync(id, connect => (connect.CleanSession, connect.SessionExpiryInterval) = (false, id == "long" ? 1000U : 100));
            await client.SubscribeAsync("a", 1);
        }

        await Wait.ForAsync(() => host.Broker.ConnectionCount == 0, "they are gone");
        using (var clean = await host.ClientAsync("clean"))
        {
            await clean.SubscribeAsync("b", 1);
        }

        using var publisher = await host.ClientAsync("p");
        await PublishAsync(publisher, Packets.Publish("a", "x", 1));
        host.Time.Advance(TimeSpan.FromSeconds(101));
        await using var next = await host.KilledAsync();
        Assert.Equal(1, next.Broker.SessionCount);
        next.Pass(TimeSpan.FromSeconds(900));
        Assert.Equal(0, next.Broker.SessionCount);

        // Nothing is left of them.
        using var other = await next.ClientAsync("p");
        await PublishAsync(other, Packets.Publish("r", "x", 1, isRetained: true));
        await using var last = await next.KilledAsync();
        Assert.Equal((0, 0L), (last.Broker.SessionCount, last.Broker.Held.Total));
    }

    [Fact]
    public async Task Acknowledgements_ComeInTheOrderOfTheMessages_WhetherTheyWaitForTheDiskOrNot()
    {
        await using var host = await BrokerHost.StartAsync();
        using (var away = await host.ClientAsync("s", Keep))
        {
            await away.SubscribeAsync("kept", 1);
        }

        using var publisher = await host.ClientAsync("p");
        for (ushort i = 1; i <= 500; i++)
        {
            await publisher.SendAsync(Packets.Publish(i % 3 == 0 ? "other" : "kept", "x", 1, id: i));
        }

        for (ushort i = 1; i <= 500; i++)
        {
            var answer = Assert.IsType<MqttPubAckPacket>(await publisher.ReceiveAsync());
            Assert.Equal((i, i % 3 == 0 ? MqttPubAckReasonCode.NoMatchingSubscribers : MqttPubAckReasonCode.Success), (answer.PacketIdentifier, answer.ReasonCode));
        }
    }

    [Fact]
    public async Task FloodOfMqtt311_ThatWaitsForTheDisk_IsReadAsFastAsItIsWritten()
    {
        await using var host = await BrokerHost.StartAsync(new BrokerOptions { ReceiveMaximum = 10, MaxQueuedMessages = 100_000 });
        using (var away = await host.ClientAsync("s", Keep))
        {
            await away.SubscribeAsync("kept", 1);
        }

        using var publisher = await host.ClientAsync("p", version: MqttProtocolVersion.V311);
        var flood = Enumerable.Range(1, 5000).SelectMany(i => publisher.Encode(Packets.Publish("kept", "x", 1, id: (ushort)i))).ToArray();
        var sending = publisher.SendAsync(flood);
        for (ushort i = 1; i <= 5000; i++)
        {
            Assert.Equal(i, Assert.IsType<MqttPubAckPacket>(await publisher.ReceiveAsync()).PacketIdentifier);
        }

        await sending;
        await using var next = await host.KilledAsync();
        using var client = await next.ClientAsync("s", Keep);
        for (var i = 0; i < 5000; i++)
        {
            await client.SendAsync(new MqttPubAckPacket { PacketIdentifier = (await client.MessageAsync()).PacketIdentifier });
        }
    }

    [Fact]
    public async Task FullDisk_RefusesByName_LosesNothing_AndTakesAgainWhenThereIsRoom()
    {
        await using var host = await BrokerHost.StartAsync();
        var away = await host.ClientAsync("s", Keep);
        await away.SubscribeAsync("a", 2);
        away.Dispose();
        await Wait.ForAsync(() => host.Broker.ConnectionCount == 0, "it is gone");
        using var publisher = await host.ClientAsync("p", Keep);
        await host.LimitPagesAsync(40);

        var taken = 0;
        MqttPubAckReasonCode reason;
        do
        {
            await publisher.SendAsync(Packets.Publish("a", new string('x', 4000), 1, id: 5));
            reason = Assert.IsType<MqttPubAckPacket>(await publisher.ReceiveAsync()).ReasonCode;
            taken += reason == MqttPubAckReasonCode.Success ? 1 : 0;
        }
        while (reason == MqttPubAckReasonCode.Success);

        Assert.Equal(MqttPubAckReasonCode.QuotaExceeded, reason);
        Assert.InRange(taken, 1, 50);
        Assert.True(host.Broker.Journal.IsFaulty);
        await publisher.SendAsync(Packets.Publish("a", new string('y', 4000), 2, id: 6));
        Assert.Equal(MqttPubRecReasonCode.QuotaExceeded, Assert.IsType<MqttPubRecPacket>(await publisher.ReceiveAsync()).ReasonCode);
        Assert.Equal(MqttSubscribeReasonCode.QuotaExceeded, await publisher.SubscribeAsync(new string('f', 9000), 1));
        using (var older = await host.ClientAsync("old", version: MqttProtocolVersion.V311))
        {
            await older.SendAsync(Packets.Publish("a", new string('x', 4000), 1, id: 7));
            Assert.Null(await older.ReceiveAsync());
        }

        // What was acknowledged is there, and nothing of QoS 2 that was refused.
        await using (var next = await host.KilledAsync())
        {
            using var client = await next.ClientAsync("s", Keep);
            for (var i = 0; i < taken; i++)
            {
                Assert.StartsWith("x", (await client.MessageAsync()).Text(), StringComparison.Ordinal);
            }

            await client.AssertNothingAsync();
        }

        await host.LimitPagesAsync(100_000);
        await PublishAsync(publisher, Packets.Publish("a", "y", 2, id: 6));
        Assert.False(host.Broker.Journal.IsFaulty);
        using var back = await host.ClientAsync("s", Keep);
        MqttPublishPacket message;
        do
        {
            message = await back.MessageAsync();
        }
        while (message.Text() != "y");

        Assert.Equal(MqttQualityOfServiceLevel.ExactlyOnce, message.QualityOfServiceLevel);
        await back.AssertNothingAsync();
    }

    [Fact]
    public async Task DeliveryThatEnds_WhileTheFileCannotBeWritten_IsSaidWhenItCan()
    {
        await using var host = await BrokerHost.StartAsync();
        using var subscriber = await host.ClientAsync("s", Keep);
        await subscriber.SubscribeAsync("a", 2);
        using var publisher = await host.ClientAsync("p");
        await PublishAsync(publisher, Packets.Publish("a", "x", 2, id: 1));
        var message = await subscriber.MessageAsync();
        using (await host.BlockAsync())
        {
            await subscriber.SendAsync(new MqttPubRecPacket { PacketIdentifier = message.PacketIdentifier });
            await Wait.ForAsync(() => host.Broker.Journal.IsFaulty, "it could not be written");
            await subscriber.AssertNothingAsync();
        }

        host.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(message.PacketIdentifier, Assert.IsType<MqttPubRelPacket>(await subscriber.ReceiveAsync()).PacketIdentifier);
    }

    [Fact]
    public async Task File_ThatIsDamaged_IsSaidAtTheStart()
    {
        var folder = Directory.CreateTempSubdirectory("broker-test-");
        var path = Path.Combine(folder.FullName, "mqtt.db");
        await File.WriteAllBytesAsync(path, new byte[5000], TestContext.Current.CancellationToken);
        var services = new ServiceCollection().AddLogging().AddOpenBroker(0, path);
        await using var provider = services.BuildServiceProvider();
        var error = Assert.Throws<InvalidDataException>(provider.GetRequiredService<Broker>);
        Assert.Contains("move it away with its -wal and -shm", error.Message, StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }

    private static void Keep(MqttConnectPacket connect) => (connect.CleanSession, connect.SessionExpiryInterval) = (false, 1000);

    /// <summary>Publishes, to the end.</summary>
    private static async Task PublishAsync(RawClient client, MqttPublishPacket packet)
    {
        await client.SendAsync(packet);
        if (packet.QualityOfServiceLevel == MqttQualityOfServiceLevel.AtLeastOnce)
        {
            Assert.IsType<MqttPubAckPacket>(await client.ReceiveAsync());
        }
        else
        {
            Assert.IsType<MqttPubRecPacket>(await client.ReceiveAsync());
            await client.SendAsync(new MqttPubRelPacket { PacketIdentifier = packet.PacketIdentifier });
            Assert.IsType<MqttPubCompPacket>(await client.ReceiveAsync());
        }
    }
}
