using System.Globalization;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text;
using Messaging.Relay.Mqtt;
using Messaging.Relay.Tests.Mqtt;
using Messaging.Relay.Tests.Support;
using Messaging.Relay.Tests.Users;
using Messaging.Relay.Users;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Messaging.Relay.Tests.Doors;

/// <summary>Who comes to the door and means no good, and users who want more than is theirs.</summary>
public sealed class HostileClientTests
{
    public static TheoryData<string> Listeners => DoorTests.Listeners;

    [Theory]
    [MemberData(nameof(Listeners))]
    public async Task Connection_ThatSaysNothing_IsClosedInTime(string transport)
    {
        await using var host = await UsersHost.StartAsync([Some.User("u")], Quick);
        await using var stream = await host.OpenAsync(transport);

        await stream.AssertClosedAsync();

        await AssertForgottenAsync(host, "connectTimeouts");
    }

    [Theory]
    [MemberData(nameof(Listeners))]
    public async Task Connect_ThatDripsInForEver_IsClosedInTime(string transport)
    {
        await using var host = await UsersHost.StartAsync([Some.User("u")], Quick);
        await using var stream = await host.OpenAsync(transport);
        using var encoder = RawClient.Over(Stream.Null);
        var connect = encoder.Encode(UsersHost.Connect("u", "c", static packet => packet.Password = new byte[4000]));
        var closed = stream.AssertClosedAsync();

        for (var at = 0; at < connect.Length - 1 && !closed.IsCompleted; at++)
        {
            try
            {
                await stream.WriteAsync(connect.AsMemory(at, 1), Wait.Timeout);
                await stream.FlushAsync(Wait.Timeout);
            }
            catch (Exception error) when (error is IOException or SocketException or System.Net.WebSockets.WebSocketException)
            {
                break;
            }

            await Task.WhenAny(closed, Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Wait.Timeout));
        }

        await closed;
        await AssertForgottenAsync(host, "connectTimeouts");
    }

    [Theory]
    [InlineData("")]
    [InlineData("160301")]
    [InlineData("16030102000100")]
    public async Task TlsHandshake_HalfDone_IsClosedInTime(string hex)
    {
        await using var host = await UsersHost.StartAsync([Some.User("u")], Quick);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync("127.0.0.1", host.Relay.TlsPort, Wait.Timeout);
        await using var stream = new NetworkStream(socket);

        await stream.WriteAsync(Convert.FromHexString(hex), Wait.Timeout);

        await stream.AssertClosedAsync();
        await AssertForgottenAsync(host, "tlsHandshakesFailed");
    }

    [Theory]
    [InlineData(MqttProtocolVersion.V500)]
    [InlineData(MqttProtocolVersion.V311)]
    public async Task Guessing_ByManyAtOnce_CostsFewHashes_AndKeepsNobodyOutWhoIsKnown(MqttProtocolVersion version)
    {
        await using var host = await UsersHost.StartAsync(
            [Some.User("u"), Some.User("known")], static options => options with { MaxUnauthenticatedPerAddress = 400 });
        using var known = await host.ClientAsync("known");

        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(async guess =>
        {
            var (client, answer) = await host.ConnectAsync("u", $"c{guess}", packet => packet.Password = Encoding.UTF8.GetBytes($"guess {guess}"), version);
            Assert.Null(await client.ReceiveAsync());
            client.Dispose();
            return answer;
        }));

        Assert.DoesNotContain(answers, static answer => answer.ReasonCode == MqttConnectReasonCode.Success && answer.ReturnCode == MqttConnectReturnCode.ConnectionAccepted);
        Assert.InRange(host.Relay.Get<UserAuthentication>().Hashes, 1, 1 + FailureLimits.AddressBurst + Environment.ProcessorCount);
        Assert.Equal(200, host.Relay.Count("usersRefused") + host.Relay.Count("usersDelayed"));
        Assert.InRange(host.Relay.Count("usersDelayed"), 200 - FailureLimits.AddressBurst - Environment.ProcessorCount, 199);
        using var again = await host.ClientAsync("known", "again");
        await known.AssertNothingAsync();
    }

    [Fact]
    public async Task Messages_BeforeThePasswordIsVerified_AreNotTakenWithoutBound()
    {
        await using var host = await UsersHost.StartAsync([Some.User("u", ["#"])]);
        using var client = RawClient.Over(await host.OpenAsync("tcp"));
        byte[] flood = [.. client.Encode(UsersHost.Connect("u", "c", static packet => packet.Password = "wrong"u8.ToArray())), .. new byte[32 * 1024 * 1024]];

        await client.TrySendAsync(flood);

        await Wait.ForAsync(() => host.Relay.Count("usersRefused") == 1, "it is refused");
        await Wait.ForAsync(() => host.Relay.Status.Unauthenticated == 0, "the place at the gate is free again");
    }

    [Fact]
    public async Task Device_WithAWrongPassword_IsTheFleetsToRefuse()
    {
        await using var host = await UsersHost.StartAsync([Some.User("u", ["#"], ["#"])]);
        var device = host.Relay.NewPrincipal();
        await host.Relay.ConnectControlAsync(device);

        foreach (var (version, password) in new[] { (MqttProtocolVersion.V311, "a password"), (MqttProtocolVersion.V500, Some.PasswordOf("u")) })
        {
            var (client, answer) = await host.ConnectAsync(device.Name, device.Name, packet => packet.Password = Encoding.UTF8.GetBytes(password), version);
            Assert.False(answer is { ReasonCode: MqttConnectReasonCode.Success, ReturnCode: MqttConnectReturnCode.ConnectionAccepted });
            client.Dispose();
        }

        Assert.Equal(2, host.Relay.Count("authenticationsRefused"));
        Assert.Equal(0, host.Relay.Count("usersRefused"));
        Assert.Equal(0, host.Relay.Get<UserAuthentication>().Hashes);
        Assert.Equal(0, host.Relay.Get<Broker>().SessionCount);
    }

    [Fact]
    public async Task Retained_OfOthers_IsNeitherShownNorReplacedNorTakenBack()
    {
        await using var host = await UsersHost.StartAsync([Some.User("owner", ["x/#"], ["x/#"]), Some.User("other", ["y/#"], ["y/#"])]);
        using var owner = await host.ClientAsync("owner", "owner");
        await owner.SendAsync(Packets.Publish("x/secret", "kept", 1, isRetained: true));
        Assert.IsType<MqttPubAckPacket>(await owner.ReceiveAsync());
        using var other = await host.ClientAsync("other", "other");

        foreach (var filter in new[] { "#", "+/secret", "x/secret", "x/#", "+/#", "$share/g/x/#", "$share/g/#" })
        {
            Assert.Equal(MqttSubscribeReasonCode.NotAuthorized, await other.SubscribeAsync(filter, 1));
        }

        foreach (var payload in new[] { "mine", "" })
        {
            await other.SendAsync(Packets.Publish("x/secret", payload, 1, isRetained: true));
            Assert.Equal(MqttPubAckReasonCode.NotAuthorized, Assert.IsType<MqttPubAckPacket>(await other.ReceiveAsync()).ReasonCode);
        }

        Assert.Equal(MqttSubscribeReasonCode.GrantedQoS0, await owner.SubscribeAsync("x/#", 0));
        Assert.Equal("kept", (await owner.MessageAsync()).Text());
        Assert.Equal((2, 7), (host.Relay.Get<Broker>().Counters.PublishesRefused, host.Relay.Get<Broker>().Counters.SubscriptionsRefused));
    }

    [Theory]
    [MemberData(nameof(Listeners))]
    public async Task Subscriber_ThatReadsNothing_IsCut_AndTheOthersGoOn(string transport)
    {
        await using var host = await UsersHost.StartAsync(
            [Some.User("u", ["#"], ["#"])], broker: new BrokerOptions { MaxUnsentBytes = 1024 * 1024, StallTimeout = TimeSpan.FromSeconds(1) });
        using var slow = await host.ClientAsync("u", "slow", transport: transport);
        Assert.Equal(MqttSubscribeReasonCode.GrantedQoS0, await slow.SubscribeAsync("a", 0));
        using var publisher = await host.ClientAsync("u", "publisher", transport: transport);
        var broker = host.Relay.Get<Broker>();
        var large = new string('x', 200_000);

        await Wait.ForAsync(
            async () =>
            {
                await publisher.SendAsync(Packets.Publish("a", large));
                await publisher.AssertNothingAsync();
                return broker.ConnectionCount == 1;
            },
            "who reads nothing is cut");

        Assert.True(broker.Counters.DroppedForSlowConsumers > 0);
        await publisher.AssertNothingAsync();
    }

    [Fact]
    [SupportedOSPlatform("linux")]
    public async Task User_WithoutAKeepAlive_IsWatchedByTcp()
    {
        await using var host = await UsersHost.StartAsync([Some.User("u")]);
        using var user = await host.ClientAsync("u", change: static packet => packet.KeepAlivePeriod = 0);
        var local = $":{host.Relay.Port.ToString("X4", CultureInfo.InvariantCulture)}";

        // proc(5): local address, remote address, state (01: established), queues, timer (02: keep-alive).
        var ours = (await File.ReadAllLinesAsync("/proc/net/tcp", Wait.Timeout)).Skip(1)
            .Select(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields[1].EndsWith(local, StringComparison.Ordinal) && fields[3] == "01");

        Assert.StartsWith("02:", Assert.Single(ours)[5], StringComparison.Ordinal);
    }

    private static RelayOptions Quick(RelayOptions options) => options with { ConnectTimeout = TimeSpan.FromSeconds(1) };

    private static async Task AssertForgottenAsync(UsersHost host, string counter)
    {
        await Wait.ForAsync(() => host.Relay.Status.Unauthenticated == 0, "the place at the gate is free again");
        Assert.Equal(1, host.Relay.Count(counter));
        Assert.Equal(0, host.Relay.Get<UserAuthentication>().Hashes);
    }
}
