using Messaging.Relay.Mqtt;
using Messaging.Relay.Tests.Mqtt;
using Messaging.Relay.Tests.Support;
using Messaging.Relay.Tests.Users;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Messaging.Relay.Tests.Doors;

/// <summary>What users may, and what follows when that changes.</summary>
public sealed class UserChangeTests
{
    [Fact]
    public async Task Publish_ElsewhereThanAllowed_IsRefused()
    {
        await using var host = await UsersHost.StartAsync([Some.User("u", ["a/%c/#"], ["#"])]);
        using var user = await host.ClientAsync("u", "one");
        using var old = await host.ClientAsync("u", "two", version: MqttProtocolVersion.V311);
        using var listener = await host.ClientAsync("u", "listener");
        Assert.Equal(MqttSubscribeReasonCode.GrantedQoS2, await listener.SubscribeAsync("#", 2));

        await user.SendAsync(Packets.Publish("a/two/x", "0"));
        await user.SendAsync(Packets.Publish("a/two/x", "1", 1));
        Assert.Equal(MqttPubAckReasonCode.NotAuthorized, Assert.IsType<MqttPubAckPacket>(await user.ReceiveAsync()).ReasonCode);
        await user.SendAsync(Packets.Publish("a/two/x", "2", 2, isRetained: true));
        Assert.Equal(MqttPubRecReasonCode.NotAuthorized, Assert.IsType<MqttPubRecPacket>(await user.ReceiveAsync()).ReasonCode);

        // MQTT 3.1.1 has no word for it: it is acknowledged and not passed on.
        await old.SendAsync(Packets.Publish("a/one/x", "3", 1));
        Assert.IsType<MqttPubAckPacket>(await old.ReceiveAsync());
        await old.SendAsync(Packets.Publish("a/two/x", "4", 1));
        Assert.IsType<MqttPubAckPacket>(await old.ReceiveAsync());

        Assert.Equal("4", (await listener.MessageAsync()).Text());
    }

    [Fact]
    public async Task Subscribe_MoreThanAllowed_IsRefused()
    {
        await using var host = await UsersHost.StartAsync([Some.User("u", [], ["a/%c/#", "b/+"])]);
        using var user = await host.ClientAsync("u", "one");
        using var old = await host.ClientAsync("u", "two", version: MqttProtocolVersion.V311);

        foreach (var filter in new[] { "#", "a/#", "a/+/x", "a/two/#", "b/#", "$share/g/a/#", "$SYS/#" })
        {
            Assert.Equal(MqttSubscribeReasonCode.NotAuthorized, await user.SubscribeAsync(filter, 1));
        }

        Assert.Equal(MqttSubscribeReasonCode.UnspecifiedError, await old.SubscribeAsync("a/one/#", 1));
        foreach (var filter in new[] { "a/one/#", "a/one/+/y", "b/+", "b/c", "$share/g/a/one/#" })
        {
            Assert.Equal(MqttSubscribeReasonCode.GrantedQoS1, await user.SubscribeAsync(filter, 1));
        }
    }

    [Fact]
    public async Task Will_ElsewhereThanAllowed_IsRefusedAtConnect()
    {
        await using var host = await UsersHost.StartAsync([Some.User("u", ["a/%c"])]);

        var (refused, no) = await host.ConnectAsync("u", "one", static packet => (packet.WillFlag, packet.WillTopic, packet.WillMessage) = (true, "a/two", [1]));
        var (fleets, never) = await host.ConnectAsync("u", "one", static packet => (packet.WillFlag, packet.WillTopic, packet.WillMessage) = (true, "m1/x", [1]));
        var (taken, yes) = await host.ConnectAsync("u", "one", static packet => (packet.WillFlag, packet.WillTopic, packet.WillMessage) = (true, "a/one", [1]));

        Assert.Equal(MqttConnectReasonCode.NotAuthorized, no.ReasonCode);
        Assert.Equal(MqttConnectReasonCode.NotAuthorized, never.ReasonCode);
        Assert.Equal(MqttConnectReasonCode.Success, yes.ReasonCode);
        refused.Dispose();
        fleets.Dispose();
        taken.Dispose();
    }

    [Fact]
    public async Task ClientId_OfTwoUsers_IsTwoClients()
    {
        await using var host = await UsersHost.StartAsync([Some.User("a", [], ["x"]), Some.User("b", ["x"])]);
        using var a = await host.ClientAsync("a", "same", static packet => packet.SessionExpiryInterval = 100);
        Assert.Equal(MqttSubscribeReasonCode.GrantedQoS1, await a.SubscribeAsync("x", 1));

        var (b, answer) = await host.ConnectAsync("b", "same", static packet => packet.CleanSession = false);

        Assert.False(answer.IsSessionPresent);
        await a.AssertNothingAsync();
        await b.SendAsync(Packets.Publish("x", "1"));
        Assert.Equal("1", (await a.MessageAsync()).Text());
        b.Dispose();
    }

    [Fact]
    public async Task ClientId_ThatTheServerChooses_IsToldWithoutTheUser()
    {
        await using var host = await UsersHost.StartAsync([Some.User("u", ["a/%c"])]);

        var (client, answer) = await host.ConnectAsync("u", "");

        Assert.StartsWith("auto-", answer.AssignedClientIdentifier, StringComparison.Ordinal);
        await client.SendAsync(Packets.Publish("a/" + answer.AssignedClientIdentifier, "x", 1));
        Assert.Equal(MqttPubAckReasonCode.NoMatchingSubscribers, Assert.IsType<MqttPubAckPacket>(await client.ReceiveAsync()).ReasonCode);
        client.Dispose();
    }

    [Fact]
    public async Task Permissions_Changed_CountAtOnce()
    {
        await using var host = await UsersHost.StartAsync([Some.User("u", ["a", "b"], ["a", "b"]), Some.User("v", ["#"], ["#"])]);
        var user = Messaging.Relay.Users.MqttUserFile.Read(host.UsersFile)!.Single(one => one.Name == "u");
        var other = Messaging.Relay.Users.MqttUserFile.Read(host.UsersFile)!.Single(one => one.Name == "v");
        using var subscriber = await host.ClientAsync("u", "subscriber");
        Assert.Equal(MqttSubscribeReasonCode.GrantedQoS0, await subscriber.SubscribeAsync("a", 0));
        Assert.Equal(MqttSubscribeReasonCode.GrantedQoS0, await subscriber.SubscribeAsync("b", 0));
        using var publisher = await host.ClientAsync("u", "publisher");
        using var witness = await host.ClientAsync("v", "witness");

        Some.Write(host.UsersFile, user with { Publish = ["b", "c"], Subscribe = ["b", "c"] }, other);

        await Wait.ForAsync(
            async () =>
            {
                await publisher.SendAsync(Packets.Publish("c", "x", 1));
                return Assert.IsType<MqttPubAckPacket>(await publisher.ReceiveAsync()).ReasonCode != MqttPubAckReasonCode.NotAuthorized;
            },
            "c is allowed");
        await publisher.SendAsync(Packets.Publish("a", "x", 1));
        Assert.Equal(MqttPubAckReasonCode.NotAuthorized, Assert.IsType<MqttPubAckPacket>(await publisher.ReceiveAsync()).ReasonCode);
        await Wait.ForAsync(
            async () =>
            {
                await witness.SendAsync(Packets.Publish("a", "to nobody", 1));
                var isHeard = Assert.IsType<MqttPubAckPacket>(await witness.ReceiveAsync()).ReasonCode != MqttPubAckReasonCode.NoMatchingSubscribers;
                if (isHeard)
                {
                    await subscriber.MessageAsync();
                }

                return !isHeard;
            },
            "a is not subscribed any more");
        await witness.SendAsync(Packets.Publish("b", "still"));
        Assert.Equal("still", (await subscriber.MessageAsync()).Text());
        Assert.Equal(MqttSubscribeReasonCode.NotAuthorized, await subscriber.SubscribeAsync("a", 0));
    }

    [Fact]
    public async Task Messages_ThatWait_AreDropped_WhereTheyAreNotAllowedAnyMore()
    {
        var publisher = Some.User("p", ["#"]);
        await using var host = await UsersHost.StartAsync([publisher, Some.User("u", [], ["a", "b"])]);
        using var sender = await host.ClientAsync("p", "sender");
        using (var away = await host.ClientAsync("u", "away", static packet => packet.SessionExpiryInterval = 1000))
        {
            Assert.Equal(MqttSubscribeReasonCode.GrantedQoS1, await away.SubscribeAsync("a", 1));
            Assert.Equal(MqttSubscribeReasonCode.GrantedQoS1, await away.SubscribeAsync("b", 1));
        }

        var broker = host.Relay.Get<Broker>();
        await Wait.ForAsync(() => broker.ConnectionCount == 1, "it is away");
        foreach (var topic in new[] { "a", "b", "a" })
        {
            await sender.SendAsync(Packets.Publish(topic, topic, 1));
            Assert.Equal(MqttPubAckReasonCode.Success, Assert.IsType<MqttPubAckPacket>(await sender.ReceiveAsync()).ReasonCode);
        }

        var user = Messaging.Relay.Users.MqttUserFile.Read(host.UsersFile)!.Single(static one => one.Name == "u");
        Some.Write(host.UsersFile, publisher, user with { Subscribe = ["b"] });

        await Wait.ForAsync(() => broker.Counters.DroppedForPermissions == 2, "what waits is dropped");
        using var back = await host.ClientAsync("u", "away", static packet => packet.CleanSession = false);
        Assert.Equal("b", (await back.MessageAsync()).Text());
        await back.AssertNothingAsync();
    }

    [Fact]
    public async Task User_Removed_IsEndedWithAllOfIts()
    {
        var (u, v) = (Some.User("u", ["#"], ["#"]), Some.User("v", ["#"], ["#"]));
        await using var host = await UsersHost.StartAsync([u, v]);
        using var away = await host.ClientAsync("u", "away", static packet => packet.SessionExpiryInterval = 1000);
        Assert.Equal(MqttSubscribeReasonCode.GrantedQoS1, await away.SubscribeAsync("x", 1));
        away.Dispose();
        using var here = await host.ClientAsync("u", "here", static packet =>
            (packet.SessionExpiryInterval, packet.WillFlag, packet.WillTopic, packet.WillMessage) = (1000, true, "will", [1]));
        using var witness = await host.ClientAsync("v", "witness");
        Assert.Equal(MqttSubscribeReasonCode.GrantedQoS0, await witness.SubscribeAsync("will", 0));

        Some.Write(host.UsersFile, v);

        Assert.Equal(MqttDisconnectReasonCode.NotAuthorized, await here.DisconnectReasonAsync());
        await Wait.ForAsync(
            async () =>
            {
                await witness.SendAsync(Packets.Publish("x", "1", 1));
                return Assert.IsType<MqttPubAckPacket>(await witness.ReceiveAsync()).ReasonCode == MqttPubAckReasonCode.NoMatchingSubscribers;
            },
            "nothing waits for who is gone");
        Some.Write(host.UsersFile, u, v);
        foreach (var id in new[] { "away", "here" })
        {
            MqttConnAckPacket? answer = null;
            await Wait.ForAsync(
                async () =>
                {
                    var (client, said) = await host.ConnectAsync("u", id, static packet => packet.CleanSession = false);
                    client.Dispose();
                    answer = said;
                    return said.ReasonCode == MqttConnectReasonCode.Success;
                },
                "the user is there again");
            Assert.False(answer!.IsSessionPresent);
        }
    }

    [Fact]
    public async Task Password_Changed_EndsTheConnection_AndKeepsTheSession()
    {
        await using var host = await UsersHost.StartAsync([Some.User("u", ["#"], ["#"])]);
        using var client = await host.ClientAsync("u", change: static packet => packet.SessionExpiryInterval = 1000);
        Assert.Equal(MqttSubscribeReasonCode.GrantedQoS1, await client.SubscribeAsync("x", 1));

        Some.Write(host.UsersFile, Some.User("u", ["#"], ["#"], password: "another password"));

        Assert.Equal(MqttDisconnectReasonCode.AdministrativeAction, await client.DisconnectReasonAsync());
        var (old, no) = await host.ConnectAsync("u");
        var (again, yes) = await host.ConnectAsync("u", change: static packet => (packet.CleanSession, packet.Password) = (false, "another password"u8.ToArray()));
        Assert.Equal((MqttConnectReasonCode.BadUserNameOrPassword, MqttConnectReasonCode.Success, true), (no.ReasonCode, yes.ReasonCode, yes.IsSessionPresent));
        old.Dispose();
        again.Dispose();
    }

    [Fact]
    public async Task Users_WhoseFileBreaks_StayInForce()
    {
        await using var host = await UsersHost.StartAsync([Some.User("u")]);
        using var here = await host.ClientAsync("u");

        Some.WriteBytes(host.UsersFile, "{ \"version\": 1"u8.ToArray());
        using var later = await host.ClientAsync("u", "later");
        await here.AssertNothingAsync();

        Some.Write(host.UsersFile);
        Assert.Equal(MqttDisconnectReasonCode.NotAuthorized, await here.DisconnectReasonAsync());
    }
}
