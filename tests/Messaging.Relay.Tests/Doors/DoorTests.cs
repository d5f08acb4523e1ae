using Messaging.Relay.Tests.Mqtt;
using Messaging.Relay.Tests.Support;
using Messaging.Relay.Tests.Users;
using Messaging.Wire;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Messaging.Relay.Tests.Doors;

/// <summary>One door for fleet and users, on every listener.</summary>
public sealed class DoorTests
{
    public static TheoryData<string> Listeners => ["tcp", "tls", "ws", "wss"];

    [Theory]
    [MemberData(nameof(Listeners))]
    public async Task User_OfEitherVersion_ComesInAndTalks(string transport)
    {
        await using var host = await UsersHost.StartAsync([Some.User("u", ["a/#"], ["a/#"])]);
        using var five = await host.ClientAsync("u", "five", transport: transport);
        using var three = await host.ClientAsync("u", "three", version: MqttProtocolVersion.V311, transport: transport);
        Assert.Equal(MqttSubscribeReasonCode.GrantedQoS2, await five.SubscribeAsync("a/+", 2));

        await three.SendAsync(Packets.Publish("a/b", new string('x', 100_000), 1));

        Assert.IsType<MqttPubAckPacket>(await three.ReceiveAsync());
        Assert.Equal(100_000, (await five.MessageAsync()).Text().Length);
        await five.SendAsync(new MqttPubAckPacket { PacketIdentifier = 1 });
        Assert.Equal(2, host.Relay.Count("usersAccepted"));
    }

    [Theory]
    [MemberData(nameof(Listeners))]
    public async Task Device_WhileThereAreUsers_ComesInAsAlways(string transport)
    {
        await using var host = await UsersHost.StartAsync([Some.User("u")]);
        var device = host.Relay.NewPrincipal();
        var control = await host.Relay.ConnectControlAsync(device);
        var client = host.Relay.NewClient(device);
        client.Transport = transport;

        Assert.Equal(MqttClientConnectResultCode.Success, (await client.ConnectAsync()).ResultCode);
        await control.ReceivePresenceAsync(device);
        Assert.Equal(MqttClientPublishReasonCode.Success, await client.PublishAsync(Topics.Up(device.Id), [7]));
        Assert.Equal(1, host.Relay.Count("messagesUp"));
    }

    [Theory]
    [MemberData(nameof(Listeners))]
    public async Task Connect_InSingleBytes_IsTaken(string transport)
    {
        await using var host = await UsersHost.StartAsync([Some.User("u")]);
        using var client = RawClient.Over(await host.OpenAsync(transport));

        foreach (var single in client.Encode(UsersHost.Connect("u", "c")))
        {
            await client.SendAsync(new[] { single });
        }

        Assert.Equal(MqttConnectReasonCode.Success, Assert.IsType<MqttConnAckPacket>(await client.ReceiveAsync()).ReasonCode);
    }

    [Theory]
    [InlineData("tcp", "10FFFFFF7F", "oversizedPackets")]
    [InlineData("tls", "10FFFFFF7F", "oversizedPackets")]
    [InlineData("ws", "10FFFFFF7F", "oversizedPackets")]
    [InlineData("wss", "10FFFFFF7F", "oversizedPackets")]
    [InlineData("tcp", "108140", "oversizedPackets")]
    [InlineData("tls", "108140", "oversizedPackets")]
    [InlineData("ws", "108140", "oversizedPackets")]
    [InlineData("wss", "108140", "oversizedPackets")]
    [InlineData("tcp", "100C00044D5158580502003C000000", "malformedPackets")]
    [InlineData("tls", "100C00044D5158580502003C000000", "malformedPackets")]
    [InlineData("ws", "100C00044D5158580502003C000000", "malformedPackets")]
    [InlineData("wss", "100C00044D5158580502003C000000", "malformedPackets")]
    [InlineData("tcp", "300500036D31780141", "malformedPackets")]
    [InlineData("tls", "300500036D31780141", "malformedPackets")]
    [InlineData("ws", "300500036D31780141", "malformedPackets")]
    [InlineData("wss", "300500036D31780141", "malformedPackets")]
    public async Task Connect_ThatIsNone_IsClosedAndCounted(string transport, string hex, string counter)
    {
        await using var host = await UsersHost.StartAsync([Some.User("u")]);
        await using var stream = await host.OpenAsync(transport);

        await stream.WriteAsync(Convert.FromHexString(hex), Wait.Timeout);
        await stream.FlushAsync(Wait.Timeout);

        await stream.AssertClosedAsync();
        Assert.Equal(1, host.Relay.Count(counter));
        using var other = await host.ClientAsync("u", transport: transport);
    }

    [Fact]
    public async Task Connect_CutAtEveryByte_EndsWithItsConnection()
    {
        await using var host = await UsersHost.StartAsync([Some.User("u", ["w"])]);
        using var encoder = await RawClient.OpenAsync(host.Relay);
        var connect = encoder.Encode(UsersHost.Connect("u", "c", static packet => (packet.WillFlag, packet.WillTopic, packet.WillMessage) = (true, "w", [1])));

        for (var length = 0; length < connect.Length; length++)
        {
            using var client = await RawClient.OpenAsync(host.Relay);
            await client.SendAsync(connect.AsMemory(0, length));
            client.EndSending();
            Assert.Null(await client.ReceiveAsync());
        }

        using var other = await host.ClientAsync("u");
    }

    [Fact]
    public async Task Password_Wrong_IsToldInEitherVersion()
    {
        await using var host = await UsersHost.StartAsync([Some.User("u")]);

        var (five, answer5) = await host.ConnectAsync("u", change: static packet => packet.Password = "a wrong password"u8.ToArray());
        var (three, answer3) = await host.ConnectAsync("nobody", version: MqttProtocolVersion.V311);
        var (nobody, answer) = await host.ConnectAsync("u", change: static packet => (packet.Username, packet.Password) = (null, null));

        Assert.Equal(MqttConnectReasonCode.BadUserNameOrPassword, answer5.ReasonCode);
        Assert.Equal(MqttConnectReturnCode.ConnectionRefusedBadUsernameOrPassword, answer3.ReturnCode);
        Assert.Equal(MqttConnectReasonCode.NotAuthorized, answer.ReasonCode);
        foreach (var client in new[] { five, three, nobody })
        {
            Assert.Null(await client.ReceiveAsync());
            client.Dispose();
        }

        Assert.Equal(3, host.Relay.Count("usersRefused"));
    }

    [Fact]
    public async Task User_IsNeverSentToTheFleet_AndTheFleetNeverToUsers()
    {
        await using var host = await UsersHost.StartAsync([Some.User("u", ["#"], ["#"])]);
        var device = host.Relay.NewPrincipal();
        await host.Relay.ConnectControlAsync(device);
        var fleet = await host.Relay.ConnectDeviceAsync(device);
        using var user = await host.ClientAsync("u");
        Assert.Equal(MqttSubscribeReasonCode.GrantedQoS0, await user.SubscribeAsync("#", 0));
        Assert.Equal(MqttSubscribeReasonCode.GrantedQoS0, await user.SubscribeAsync("+/+/+/+", 0));

        foreach (var filter in new[] { "m1/#", $"m1/d/{device.Id}/up", "m1", "channels/#", "$share/g/m1/#", "$SYS/#", "$share/g/$SYS/#" })
        {
            Assert.Equal(MqttSubscribeReasonCode.NotAuthorized, await user.SubscribeAsync(filter, 1));
        }

        foreach (var topic in new[] { Topics.Down(device.Id), Topics.Directory, "channels/x", "$SYS/x" })
        {
            await user.SendAsync(Packets.Publish(topic, "x", 1));
            Assert.Equal(MqttPubAckReasonCode.NotAuthorized, Assert.IsType<MqttPubAckPacket>(await user.ReceiveAsync()).ReasonCode);
        }

        Assert.Equal(MqttClientPublishReasonCode.Success, await fleet.PublishAsync(Topics.Up(device.Id), [7]));
        await user.AssertNothingAsync();
    }

    [Fact]
    public async Task Strangers_BeyondTheLimit_AreTurnedAway()
    {
        await using var host = await UsersHost.StartAsync([Some.User("u")], options => options with { MaxUnauthenticated = 2 });
        using var user = await host.ClientAsync("u");
        await Wait.ForAsync(() => host.Relay.Status.Unauthenticated == 0, "the user is no stranger");
        using var first = await RawClient.OpenAsync(host.Relay);
        using var second = await RawClient.OpenAsync(host.Relay);
        await Wait.ForAsync(() => host.Relay.Status.Unauthenticated == 2, "both places are taken");

        using var third = await RawClient.OpenAsync(host.Relay);

        Assert.Null(await third.ReceiveAsync());
        Assert.Equal(1, host.Relay.Count("connectionsRefused"));
        await user.AssertNothingAsync();
    }

    [Fact]
    public async Task Users_OnceThereAreSome_ComeIn()
    {
        await using var host = await UsersHost.StartAsync(null);
        var (before, refused) = await host.ConnectAsync("u");
        before.Dispose();
        Assert.NotEqual(MqttConnectReasonCode.Success, refused.ReasonCode);
        Assert.Equal(0, host.Relay.Count("usersRefused"));

        Some.Write(host.UsersFile, Some.User("u"));

        await Wait.ForAsync(
            async () =>
            {
                var (client, answer) = await host.ConnectAsync("u");
                client.Dispose();
                return answer.ReasonCode == MqttConnectReasonCode.Success;
            },
            "the user is let in");
    }

    [Fact]
    public async Task Users_WhoseFileIsBroken_KeepTheRelayFromStarting()
    {
        var folder = Directory.CreateTempSubdirectory("users-test-");
        var path = Path.Combine(folder.FullName, "users.json");
        Some.WriteBytes(path, "{"u8.ToArray());

        var error = await Assert.ThrowsAsync<InvalidDataException>(() => RelayHost.StartAsync(options => options with { MqttUsersFile = path }));

        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Relay_Stops_AndSaysSo()
    {
        await using var host = await UsersHost.StartAsync([Some.User("u")]);
        using var user = await host.ClientAsync("u");
        using var secure = await host.ClientAsync("u", "d", transport: "tls");

        await host.Relay.StopAsync();

        Assert.Equal(MqttDisconnectReasonCode.ServerShuttingDown, await user.DisconnectReasonAsync());
        Assert.Equal(MqttDisconnectReasonCode.ServerShuttingDown, await secure.DisconnectReasonAsync());
    }
}
