using Messaging.Relay.Mqtt;
using Messaging.Relay.Tests.Support;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Messaging.Relay.Tests.Mqtt;

/// <summary>Sessions that outlive their connections, wills, and how connections end.</summary>
public sealed class BrokerSessionTests
{
    [Theory]
    [InlineData(MqttProtocolVersion.V311)]
    [InlineData(MqttProtocolVersion.V500)]
    public async Task Session_ThatIsKept_GoesOnWithWhatWaited(MqttProtocolVersion version)
    {
        await using var host = await BrokerHost.StartAsync();
        using var publisher = await host.ClientAsync("p");
        var first = await host.ClientAsync("s", Keep, version);
        await first.SubscribeAsync("a", 1);
        await publisher.SendAsync(Packets.Publish("a", "in flight", 1));
        Assert.Equal("in flight", (await first.MessageAsync()).Text());
        first.Dispose();
        await Wait.ForAsync(() => host.Broker.ConnectionCount == 1, "it is gone");
        await publisher.ReceiveAsync();
        await publisher.SendAsync(Packets.Publish("a", "waited", 1));
        await publisher.ReceiveAsync();
        await publisher.SendAsync(Packets.Publish("a", "lost"));

        var (second, answer) = await host.ConnectAsync("s", Keep, version);
        using var client = second;

        Assert.True(answer.IsSessionPresent);
        var again = await second.MessageAsync();
        Assert.Equal(("in flight", true), (again.Text(), again.Dup));
        var waited = await second.MessageAsync();
        Assert.Equal(("waited", false), (waited.Text(), waited.Dup));
        await second.AssertNothingAsync();
    }

    [Fact]
    public async Task Session_OfQoS2_GoesOnWhereItWas()
    {
        await using var host = await BrokerHost.StartAsync();
        using var publisher = await host.ClientAsync("p");
        var first = await host.ClientAsync("s", Keep);
        await first.SubscribeAsync("a", 2);
        await publisher.SendAsync(Packets.Publish("a", "x", 1));
        await publisher.ReceiveAsync();
        await publisher.SendAsync(Packets.Publish("a", "y", 2, id: 3));
        await publisher.ReceiveAsync();
        await first.MessageAsync();
        var second = await first.MessageAsync();
        await first.SendAsync(new MqttPubRecPacket { PacketIdentifier = second.PacketIdentifier });
        Assert.IsType<MqttPubRelPacket>(await first.ReceiveAsync());
        first.Dispose();
        await Wait.ForAsync(() => host.Broker.ConnectionCount == 1, "it is gone");

        using var client = await host.ClientAsync("s", Keep);

        Assert.Equal("x", (await client.MessageAsync()).Text());
        Assert.Equal(second.PacketIdentifier, Assert.IsType<MqttPubRelPacket>(await client.ReceiveAsync()).PacketIdentifier);
        await client.AssertNothingAsync();
    }

    [Fact]
    public async Task Session_StartedClean_OrExpired_IsANewOne()
    {
        await using var host = await BrokerHost.StartAsync();
        (await host.ClientAsync("s", Keep)).Dispose();
        await Wait.ForAsync(() => host.Broker.ConnectionCount == 0, "it is gone");
        var (clean, answer) = await host.ConnectAsync("s", static connect => connect.SessionExpiryInterval = 100);
        Assert.False(answer.IsSessionPresent);
        await clean.SubscribeAsync("a", 1);
        clean.Dispose();
        await Wait.ForAsync(() => host.Broker.ConnectionCount == 0, "it is gone");
        Assert.Equal(1, host.Broker.SessionCount);

        host.Pass(TimeSpan.FromSeconds(101));

        Assert.Equal(0, host.Broker.SessionCount);
        var (late, fresh) = await host.ConnectAsync("s", Keep);
        late.Dispose();
        Assert.False(fresh.IsSessionPresent);
    }

    [Fact]
    public async Task Message_ThatExpiresWhileItWaits_IsNotDelivered()
    {
        await using var host = await BrokerHost.StartAsync();
        using var publisher = await host.ClientAsync("p");
        var first = await host.ClientAsync("s", Keep);
        await first.SubscribeAsync("a", 1);
        first.Dispose();
        await Wait.ForAsync(() => host.Broker.ConnectionCount == 1, "it is gone");
        foreach (var seconds in new[] { 10U, 100U })
        {
            var message = Packets.Publish("a", $"{seconds}", 1);
            message.MessageExpiryInterval = seconds;
            await publisher.SendAsync(message);
            await publisher.ReceiveAsync();
        }

        host.Pass(TimeSpan.FromSeconds(40));
        using var second = await host.ClientAsync("s", Keep);

        var got = await second.MessageAsync();
        Assert.Equal(("100", 60U), (got.Text(), got.MessageExpiryInterval));
        await second.AssertNothingAsync();
    }

    [Fact]
    public async Task WaitingMessages_AreBounded()
    {
        await using var host = await BrokerHost.StartAsync(new BrokerOptions { MaxQueuedMessages = 3 });
        using var publisher = await host.ClientAsync("p");
        var first = await host.ClientAsync("s", Keep);
        await first.SubscribeAsync("a", 1);
        first.Dispose();
        await Wait.ForAsync(() => host.Broker.ConnectionCount == 1, "it is gone");
        for (var i = 0; i < 5; i++)
        {
            await publisher.SendAsync(Packets.Publish("a", $"{i}", 1));
            await publisher.ReceiveAsync();
        }

        using var second = await host.ClientAsync("s", Keep);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal($"{i}", (await second.MessageAsync()).Text());
        }

        await second.AssertNothingAsync();
        Assert.Equal(2, host.Broker.Counters.DroppedForFullQueues);
    }

    [Fact]
    public async Task WhatAllSessionsHold_IsBounded_AndGivenBack()
    {
        await using var host = await BrokerHost.StartAsync(new BrokerOptions { MaxHeldBytes = 10_000 });
        using var publisher = await host.ClientAsync("p");
        foreach (var id in new[] { "s1", "s2" })
        {
            var away = await host.ClientAsync(id, Keep);
            await away.SubscribeAsync(id, 1);
            away.Dispose();
        }

        await Wait.ForAsync(() => host.Broker.ConnectionCount == 1, "they are gone");
        var before = host.Broker.Held.Total;
        for (var i = 0; i < 10; i++)
        {
            await publisher.SendAsync(Packets.Publish(i % 2 == 0 ? "s1" : "s2", $"{i}" + new string('x', 1900), 1));
            await publisher.ReceiveAsync();
        }

        Assert.InRange(host.Broker.Held.Total, 8000, 10_000);
        Assert.Equal(6, host.Broker.Counters.DroppedForFullQueues);
        using var back = await host.ClientAsync("s1", Keep);
        for (var i = 0; i < 2; i++)
        {
            var message = await back.MessageAsync();
            await back.SendAsync(new MqttPubAckPacket { PacketIdentifier = message.PacketIdentifier });
        }

        await back.AssertNothingAsync();
        Assert.InRange(host.Broker.Held.Total, before + 4000, before + 4200);
        Assert.Equal(MqttSubscribeReasonCode.QuotaExceeded, await back.SubscribeAsync(new string('x', 5000), 1));
        back.Dispose();
        await Wait.ForAsync(() => host.Broker.ConnectionCount == 1, "it is gone");
        host.Pass(TimeSpan.FromDays(8));
        Assert.Equal(0, host.Broker.Held.Total);
    }

    [Fact]
    public async Task MessagesThatNobodyAcknowledges_AreBoundedInBytes()
    {
        await using var host = await BrokerHost.StartAsync(new BrokerOptions { MaxQueuedBytes = 3000 });
        using var publisher = await host.ClientAsync("p");
        using var client = await host.ClientAsync("s", Keep);
        await client.SubscribeAsync("a", 1);
        for (var i = 0; i < 5; i++)
        {
            await publisher.SendAsync(Packets.Publish("a", $"{i}" + new string('x', 1400), 1));
            await publisher.ReceiveAsync();
        }

        var first = await client.MessageAsync();
        await client.MessageAsync();
        await client.AssertNothingAsync();
        await client.SendAsync(new MqttPubAckPacket { PacketIdentifier = first.PacketIdentifier });

        Assert.StartsWith("2", (await client.MessageAsync()).Text(), StringComparison.Ordinal);
        await client.AssertNothingAsync();
    }

    [Fact]
    public async Task TakeOver_EndsTheFirstConnection_AndItsWillIsPublished()
    {
        await using var host = await BrokerHost.StartAsync();
        using var watcher = await host.ClientAsync("w");
        await watcher.SubscribeAsync("wills/#", 0);
        using var first = await host.ClientAsync("s", static connect => Will(connect, delay: 0));

        using var second = await host.ClientAsync("s");

        Assert.Equal(MqttDisconnectReasonCode.SessionTakenOver, await first.DisconnectReasonAsync());
        Assert.Equal("gone", (await watcher.MessageAsync()).Text());
        await second.AssertNothingAsync();
    }

    /// <summary>Who comes with the same name at the same time: one of them stays, hears, and the others are told.</summary>
    [Fact]
    public async Task TakeOvers_AtOnce_LeaveOneThatHears()
    {
        await using var host = await BrokerHost.StartAsync();
        using var publisher = await host.ClientAsync("p");
        for (var round = 0; round < 20; round++)
        {
            var clients = await Task.WhenAll(Enumerable.Range(0, 5).Select(async _ =>
            {
                var client = await RawClient.OpenAsync(host.Port);
                var connect = new MqttConnectPacket { ClientId = "s" };
                Keep(connect);
                await client.SendAsync(connect);

                // Who is overtaken at once may be told nothing.
                Assert.True(await client.ReceiveAsync() is null or MqttConnAckPacket { ReasonCode: MqttConnectReasonCode.Success });
                return client;
            }));
            await Wait.ForAsync(() => host.Broker.ConnectionCount == 2, "all but one have ended");
            var ends = clients.Select(async client =>
            {
                try
                {
                    return await client.SubscribeAsync("a", 1) == MqttSubscribeReasonCode.GrantedQoS1;
                }
                catch (Exception exception) when (exception is Xunit.Sdk.XunitException or IOException)
                {
                    return false;
                }
            }).ToList();
            var alive = Assert.Single(await Task.WhenAll(ends), static hears => hears);
            Assert.True(alive);
            await publisher.SendAsync(Packets.Publish("a", $"{round}", 1));
            Assert.Equal(MqttPubAckReasonCode.Success, Assert.IsType<MqttPubAckPacket>(await publisher.ReceiveAsync()).ReasonCode);
            var last = clients[ends.FindIndex(static one => one.Result)];
            var heard = await last.MessageAsync();
            await last.SendAsync(new MqttPubAckPacket { PacketIdentifier = heard.PacketIdentifier });
            await last.AssertNothingAsync();
            foreach (var client in clients)
            {
                client.Dispose();
            }

            await Wait.ForAsync(() => host.Broker.ConnectionCount == 1, "all have ended");
        }

        Assert.Equal(2, host.Broker.SessionCount);
        host.Pass(TimeSpan.FromSeconds(1001));
        Assert.Equal(1, host.Broker.SessionCount);
    }

    [Fact]
    public async Task Will_IsPublishedAfterItsDelay_UnlessTheClientComesBackOrTakesItsLeave()
    {
        await using var host = await BrokerHost.StartAsync();
        using var watcher = await host.ClientAsync("w");
        await watcher.SubscribeAsync("wills/#", 0);
        static void Late(MqttConnectPacket connect)
        {
            Keep(connect);
            Will(connect, delay: 30);
        }

        (await host.ClientAsync("s", Late)).Dispose();
        await Wait.ForAsync(() => host.Broker.ConnectionCount == 1, "it is gone");
        host.Pass(TimeSpan.FromSeconds(20));
        (await host.ClientAsync("s", Late)).Dispose();
        await Wait.ForAsync(() => host.Broker.ConnectionCount == 1, "it is gone again");
        host.Pass(TimeSpan.FromSeconds(20));
        await watcher.AssertNothingAsync();
        host.Pass(TimeSpan.FromSeconds(11));
        Assert.Equal("gone", (await watcher.MessageAsync()).Text());

        var leaving = await host.ClientAsync("s", static connect => Will(connect, delay: 0));
        await leaving.SendAsync(new MqttDisconnectPacket { ReasonCode = MqttDisconnectReasonCode.NormalDisconnection });
        await leaving.DrainAsync();
        leaving.Dispose();
        await Wait.ForAsync(() => host.Broker.ConnectionCount == 1, "it has left");
        await watcher.AssertNothingAsync();

        var angry = await host.ClientAsync("s", static connect => Will(connect, delay: 0));
        await angry.SendAsync(new MqttDisconnectPacket { ReasonCode = MqttDisconnectReasonCode.DisconnectWithWillMessage });
        Assert.Equal("gone", (await watcher.MessageAsync()).Text());
        angry.Dispose();
    }

    [Fact]
    public async Task Silence_EndsAConnection()
    {
        await using var host = await BrokerHost.StartAsync();
        using var client = await host.ClientAsync("c", static connect => connect.KeepAlivePeriod = 10);
        host.Pass(TimeSpan.FromSeconds(14));
        await client.AssertNothingAsync();

        host.Pass(TimeSpan.FromSeconds(16));

        Assert.Equal(MqttDisconnectReasonCode.KeepAliveTimeout, await client.DisconnectReasonAsync());
    }

    [Fact]
    public async Task Connection_ThatSaysNothing_Ends()
    {
        await using var host = await BrokerHost.StartAsync();
        using var client = await RawClient.OpenAsync(host.Port);
        await client.SendAsync(new byte[] { 0x10 });
        await Wait.ForAsync(() => host.Broker.ConnectionCount == 1, "it is there");

        host.Pass(TimeSpan.FromSeconds(11));

        Assert.Null(await client.ReceiveAsync());
    }

    [Fact]
    public async Task ClientId_IsAssignedWhereThereIsNone()
    {
        await using var host = await BrokerHost.StartAsync();

        var (assigned, answer) = await host.ConnectAsync("");
        using var lasting = await RawClient.OpenAsync(host.Port, MqttProtocolVersion.V311);
        await lasting.SendAsync(Convert.FromHexString("100C00044D5154540400000000" + "00"));
        var refused = Assert.IsType<MqttConnAckPacket>(await lasting.ReceiveAsync());

        assigned.Dispose();
        Assert.StartsWith("auto-", answer.AssignedClientIdentifier, StringComparison.Ordinal);
        Assert.Equal(MqttConnectReturnCode.ConnectionRefusedIdentifierRejected, refused.ReturnCode);
    }

    [Fact]
    public async Task Stop_TellsClientsWhy()
    {
        var host = await BrokerHost.StartAsync();
        using var client = await host.ClientAsync("c");

        await host.DisposeAsync();

        Assert.Equal(MqttDisconnectReasonCode.ServerShuttingDown, await client.DisconnectReasonAsync());
    }

    private static void Keep(MqttConnectPacket connect) => (connect.CleanSession, connect.SessionExpiryInterval) = (false, 1000);

    private static void Will(MqttConnectPacket connect, uint delay)
    {
        connect.WillFlag = true;
        connect.WillTopic = "wills/s";
        connect.WillMessage = "gone"u8.ToArray();
        connect.WillDelayInterval = delay;
    }
}
