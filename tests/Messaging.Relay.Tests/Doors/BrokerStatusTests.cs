using Messaging.Relay.Mqtt;
using Messaging.Relay.Tests.Mqtt;
using Messaging.Relay.Tests.Support;
using Messaging.Relay.Tests.Users;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Messaging.Relay.Tests.Doors;

/// <summary>What operators see of users, their connections and what is dropped.</summary>
public sealed class BrokerStatusTests
{
    [Fact]
    public async Task List_OfAConnection_SaysWhoItIsWhenceAndHowBusy()
    {
        await using var host = await UsersHost.StartAsync([Some.User("meters", ["m/#"], ["m/#"]), Some.User("grafana", [], ["m/#"])]);
        var status = host.Relay.Get<BrokerStatus>();
        var before = TimeProvider.System.GetUtcNow().AddSeconds(-1);
        using var meters = await host.ClientAsync("meters", "hall-7", transport: "tls");
        await meters.SendAsync(Packets.Publish("m/1", "x", 1));
        Assert.IsType<MqttPubAckPacket>(await meters.ReceiveAsync());

        var one = Assert.Single(status.List(MqttConnectionOrder.Waiting, "", 0, 10).Items);

        Assert.Equal(("meters", "hall-7", "mqtt5+tls"), (one.User, one.ClientId, one.Transport));
        Assert.StartsWith("127.0.0.1:", one.Address, StringComparison.Ordinal);
        Assert.InRange(one.Since, before, TimeProvider.System.GetUtcNow().AddSeconds(1));
        Assert.InRange(one.ReceivedPerSecond, 1 / 60.0, 1 / 30.0);
        Assert.Equal(0, one.SentPerSecond);
        Assert.Equal((2, 1, 1, 0), (status.Users, status.Connections, status.Sessions, status.KeptSessions));
        Assert.InRange(status.Rates.Received, 1 / 60.0, 1 / 30.0);
    }

    [Fact]
    public async Task List_ByText_FindsUserClientIdAndAddress()
    {
        await using var host = await UsersHost.StartAsync([Some.User("meters"), Some.User("grafana")]);
        var status = host.Relay.Get<BrokerStatus>();
        using var meters = await host.ClientAsync("meters", "hall-7");
        using var grafana = await host.ClientAsync("grafana", "board");

        Assert.Equal("meters", Assert.Single(status.List(MqttConnectionOrder.Newest, "METER", 0, 10).Items).User);
        Assert.Equal("meters", Assert.Single(status.List(MqttConnectionOrder.Newest, "hall", 0, 10).Items).User);
        Assert.Equal(2, status.List(MqttConnectionOrder.Newest, "127.0.0.1", 0, 10).Total);
        Assert.Equal(0, status.List(MqttConnectionOrder.Newest, "nobody", 0, 10).Total);
    }

    [Fact]
    public async Task List_OfMany_IsGivenInParts_TheNewestFirst()
    {
        await using var host = await UsersHost.StartAsync([Some.User("u")]);
        var status = host.Relay.Get<BrokerStatus>();
        using var a = await host.ClientAsync("u", "a");
        using var b = await host.ClientAsync("u", "b");
        using var c = await host.ClientAsync("u", "c");

        Assert.Equal(["c", "b"], status.List(MqttConnectionOrder.Newest, "", 0, 2).Items.Select(static one => one.ClientId));
        var rest = status.List(MqttConnectionOrder.Newest, "", 2, 2);
        Assert.Equal("a", Assert.Single(rest.Items).ClientId);
        Assert.Equal(3, rest.Total);
    }

    [Fact]
    public async Task List_ByWhatWaits_HasTheSlowOneFirst_WithItsDrops()
    {
        await using var host = await UsersHost.StartAsync(
            [Some.User("u", ["t"], ["t"])], broker: new BrokerOptions { MaxQueuedMessages = 2, ReceiveMaximum = 1 });
        var status = host.Relay.Get<BrokerStatus>();
        using var slow = await host.ClientAsync("u", "slow");
        await slow.SubscribeAsync("t", 1);
        using var sender = await host.ClientAsync("u", "sender");
        for (ushort id = 1; id <= 5; id++)
        {
            await sender.SendAsync(Packets.Publish("t", "x", 1, id: id));
            Assert.IsType<MqttPubAckPacket>(await sender.ReceiveAsync());
        }

        var first = status.List(MqttConnectionOrder.Waiting, "", 0, 1).Items.Single();

        // One is in flight and never acknowledged, two wait, and two did not find room.
        Assert.Equal(("slow", 1, 2, 1, 2L), (first.ClientId, first.Subscriptions, first.WaitingMessages, first.InFlightMessages, first.Dropped));
        Assert.Equal("slow", status.List(MqttConnectionOrder.Dropped, "", 0, 1).Items.Single().ClientId);
        Assert.Equal(2, status.Counters.Single(static counter => counter.Key == "droppedQueueFull").Value);
        Assert.True(first.WaitingBytes > 0 && status.HeldBytes >= first.WaitingBytes);
    }

    [Fact]
    public async Task Cut_OfAConnection_EndsItWithAReason_AndNobodyElse()
    {
        await using var host = await UsersHost.StartAsync([Some.User("u")]);
        var status = host.Relay.Get<BrokerStatus>();
        using var other = await host.ClientAsync("u", "other");
        using var cut = await host.ClientAsync("u", "cut");
        var number = status.List(MqttConnectionOrder.Newest, "cut", 0, 1).Items.Single().Number;

        Assert.Equal("cut", status.Cut(number)?.ClientId);

        Assert.Equal(MqttDisconnectReasonCode.AdministrativeAction, Assert.IsType<MqttDisconnectPacket>(await cut.ReceiveAsync()).ReasonCode);
        await Wait.ForAsync(() => status.Connections == 1, "the connection is gone");
        Assert.Null(status.Cut(number));
        await other.AssertNothingAsync();
    }

    [Fact]
    public async Task KeptSessions_AreThoseWhoseClientIsAway()
    {
        await using var host = await UsersHost.StartAsync([Some.User("u")]);
        var status = host.Relay.Get<BrokerStatus>();
        using (var away = await host.ClientAsync("u", "away", static connect => connect.SessionExpiryInterval = 600))
        {
            Assert.Equal(0, status.KeptSessions);
        }

        await Wait.ForAsync(() => status.KeptSessions == 1, "the session is kept");
        Assert.Equal((1, 0), (status.Sessions, status.List(MqttConnectionOrder.Newest, "", 0, 10).Total));
    }
}
