using CsCheck;
using Messaging.Relay.Tests.Support;
using Messaging.Wire;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Messaging.Relay.Tests.Hostile;

/// <summary>Strangers that send anything. In every test a device that was connected before goes on as if nothing happened.</summary>
public sealed class ConnectBytesTests
{
    [Theory]
    [InlineData("00", "malformedPackets")]
    [InlineData("1100", "malformedPackets")]
    [InlineData("10FFFFFFFF7F", "malformedPackets")]
    [InlineData("1000", "malformedPackets")]
    [InlineData("100400044D51", "malformedPackets")]
    [InlineData("100C00044D5154540502003C00FFFF", "malformedPackets")]
    [InlineData("100C00044D5154540902003C000000", "malformedPackets")]
    [InlineData("100C00044D515858050200 3C000000", "malformedPackets")]
    [InlineData("474554202F20485454502F312E310D0A0D0A", "malformedPackets")]
    [InlineData("160301020001000 1FC0303", "malformedPackets")]
    [InlineData("10FFFFFF7F", "oversizedPackets")]
    [InlineData("108140", "oversizedPackets")]
    public async Task Connect_Malformed_IsClosedAndCounted(string hex, string counter)
    {
        await using var host = await RelayHost.StartAsync();
        var bystander = await BystanderAsync(host);
        using var client = await RawClient.OpenAsync(host);

        await client.TrySendAsync(Convert.FromHexString(hex.Replace(" ", string.Empty, StringComparison.Ordinal)));
        client.EndSending();

        Assert.Null(await client.ReceiveAsync());
        Assert.Equal(1, host.Count(counter));
        await AssertUnharmedAsync(host, bystander);
    }

    [Theory]
    [InlineData("C000")]
    [InlineData("300500036D31780141")]
    [InlineData("82080001000003612F6200")]
    [InlineData("E000")]
    public async Task FirstPacket_NoConnect_IsClosed(string hex)
    {
        await using var host = await RelayHost.StartAsync();
        var bystander = await BystanderAsync(host);
        using var client = await RawClient.OpenAsync(host);

        await client.SendAsync(Convert.FromHexString(hex));

        Assert.Null(await client.ReceiveAsync());
        await AssertUnharmedAsync(host, bystander);
    }

    [Fact]
    public async Task Connect_Truncated_EndsWithItsConnection()
    {
        await using var host = await RelayHost.StartAsync();
        var bystander = await BystanderAsync(host);
        using var stranger = new Principal();
        using var encoder = await RawClient.OpenAsync(host);
        var connect = encoder.Encode(RawClient.Hello(stranger, out _));

        for (var length = 0; length < connect.Length; length += 7)
        {
            using var client = await RawClient.OpenAsync(host);
            await client.SendAsync(connect.AsMemory(0, length));
            client.EndSending();
            Assert.Null(await client.ReceiveAsync());
        }

        await AssertUnharmedAsync(host, bystander);
    }

    [Fact]
    public async Task Connect_InSingleBytes_IsAccepted()
    {
        await using var host = await RelayHost.StartAsync();
        var device = host.NewPrincipal();
        await host.ConnectControlAsync(device);
        using var client = await RawClient.OpenAsync(host);

        foreach (var single in client.Encode(RawClient.Hello(device, out _)))
        {
            await client.SendAsync(new[] { single });
        }

        Assert.IsType<MqttAuthPacket>(await client.ReceiveAsync());
    }

    [Fact]
    public async Task Connect_NotWithinTheTimeout_IsClosed()
    {
        await using var host = await RelayHost.StartAsync(options => options with { ConnectTimeout = TimeSpan.FromMilliseconds(300) });
        var bystander = await BystanderAsync(host);
        using var silent = await RawClient.OpenAsync(host);
        using var slow = await RawClient.OpenAsync(host);
        await slow.SendAsync(Convert.FromHexString("107F00"));
        using var undecided = await RawClient.OpenAsync(host);
        await undecided.SendAsync(RawClient.Hello(bystander.Principal, out _));
        Assert.IsType<MqttAuthPacket>(await undecided.ReceiveAsync());

        Assert.Null(await silent.ReceiveAsync());
        Assert.Null(await slow.ReceiveAsync());
        Assert.Null(await undecided.ReceiveAsync());

        Assert.Equal(3, host.Count("connectTimeouts"));
        await AssertUnharmedAsync(host, bystander);
    }

    [Fact]
    public async Task TlsHandshake_NotWithinTheTimeout_IsClosed()
    {
        await using var host = await RelayHost.StartAsync(options => options with { ConnectTimeout = TimeSpan.FromMilliseconds(300) });
        using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
        await socket.ConnectAsync("127.0.0.1", host.TlsPort, Wait.Timeout);

        Assert.Equal(0, await socket.ReceiveAsync(new byte[1], Wait.Timeout));
        await Wait.ForAsync(() => host.Status.Unauthenticated == 0, "the place at the gate is free again");
    }

    [Fact]
    public async Task Connect_MutatedInAnyWay_NeverBreaksTheRelay()
    {
        await using var host = await RelayHost.StartAsync(options => options with { MaxUnauthenticatedPerAddress = 500 });
        var bystander = await BystanderAsync(host);
        using var encoder = await RawClient.OpenAsync(host);
        var connect = encoder.Encode(RawClient.Hello(bystander.Principal, out _));
        using var encoder3 = await RawClient.OpenAsync(host, MqttProtocolVersion.V311);
        var connect3 = encoder3.Encode(new MqttConnectPacket { ClientId = "c", CleanSession = true, Username = "u", Password = [1, 2], WillFlag = true, WillTopic = "t", WillMessage = [1] });

        // The seed is printed on failure; the cases are bounded so that the suite stays quick.
        var mutations = Gen.Select(Gen.Bool, Gen.Select(Gen.Int[0, 200], Gen.Byte).Array[1, 4]);
        await mutations.SampleAsync(
            async (isVersion5, changes) =>
            {
                var bytes = (byte[])(isVersion5 ? connect : connect3).Clone();
                foreach (var (at, value) in changes)
                {
                    bytes[at % bytes.Length] = value;
                }

                using var client = await RawClient.OpenAsync(host);
                await client.TrySendAsync(bytes);
                client.EndSending();
                await client.DrainAsync();
            },
            iter: 300,
            threads: 4);

        await AssertUnharmedAsync(host, bystander);
    }

    [Fact]
    public async Task Strangers_BeyondTheLimit_AreTurnedAway_AndTheConnectedStay()
    {
        await using var host = await RelayHost.StartAsync(options => options with { MaxUnauthenticated = 5 });
        var bystander = await BystanderAsync(host);
        var strangers = new List<RawClient>();
        for (var number = 0; number < 20; number++)
        {
            try
            {
                strangers.Add(await RawClient.OpenAsync(host));
            }
            catch (System.Net.Sockets.SocketException)
            {
                // Turned away so quickly that connecting itself failed.
            }
        }

        await Wait.ForAsync(() => host.Count("connectionsRefused") == 15, "15 of 20 strangers are turned away");
        await AssertUnharmedAsync(host, bystander);

        strangers.ForEach(stranger => stranger.Dispose());
        await Wait.ForAsync(() => host.Status.Unauthenticated == 0, "their places are free again");
    }

    [Fact]
    public async Task Devices_BeyondTheLimit_AreToldThatItIsBusy_AndControlIsNotCounted()
    {
        await using var host = await RelayHost.StartAsync(options => options with { MaxConnections = 1 });
        var (device, other) = (host.NewPrincipal(), host.NewPrincipal());
        await host.ConnectControlAsync(device, other);
        await host.ConnectDeviceAsync(device);

        Assert.Equal(MqttClientConnectResultCode.ServerBusy, (await host.NewClient(other).ConnectAsync()).ResultCode);

        // The one that is here may still replace its own connection.
        await host.ConnectDeviceAsync(device);
    }

    private static async Task<RelayClient> BystanderAsync(RelayHost host)
    {
        var device = host.NewPrincipal();
        var control = await host.ConnectControlAsync(device);
        var client = await host.ConnectDeviceAsync(device);
        await control.ReceivePresenceAsync(device);
        return client;
    }

    private static async Task AssertUnharmedAsync(RelayHost host, RelayClient bystander)
    {
        Assert.Equal(MqttClientPublishReasonCode.Success, await bystander.PublishAsync(Topics.Up(bystander.Principal.Id), [7]));
        Assert.Equal(1, host.Count("messagesUp"));
    }
}
