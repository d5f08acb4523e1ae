using Messaging.Relay.Tests.Support;
using Messaging.Wire;
using MQTTnet;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Messaging.Relay.Tests.Connections;

public sealed class SessionTests
{
    [Fact]
    public async Task Revoke_WhileConnected_CutsTheDeviceAtOnce_AndNobodyElse()
    {
        await using var host = await RelayHost.StartAsync();
        var (device, other) = (host.NewPrincipal(), host.NewPrincipal());
        var control = await host.ConnectControlAsync(device, other);
        var client = await host.ConnectDeviceAsync(device);
        var bystander = await host.ConnectDeviceAsync(other);
        var came = await control.ReceivePresenceAsync(device);

        await control.SendDeltaAsync(device.Entry(DirectoryStatus.Revoked));

        Assert.Equal(MqttClientDisconnectReason.NotAuthorized, await client.DisconnectedAsync());
        var went = await control.ReceivePresenceAsync(device);
        Assert.Equal((false, came.ConnectionNo), (went.Connected, went.ConnectionNo));
        Assert.Equal(MqttClientPublishReasonCode.Success, await bystander.PublishAsync(Topics.Up(other.Id), [1]));
        Assert.Equal(1, host.Count("sessionsRevoked"));
    }

    [Theory]
    [InlineData("unix")]
    [InlineData("tls")]
    [InlineData("ws")]
    [InlineData("wss")]
    public async Task Revoke_OverAnyTransport_SaysWhy(string transport)
    {
        await using var host = await RelayHost.StartAsync();
        var device = host.NewPrincipal();
        var control = await host.ConnectControlAsync(device);
        var client = host.NewClient(device);
        client.Transport = transport;
        await client.ConnectAsync();

        await control.SendDeltaAsync(device.Entry(DirectoryStatus.Revoked));

        Assert.Equal(MqttClientDisconnectReason.NotAuthorized, await client.DisconnectedAsync());
    }

    [Fact]
    public async Task Revoke_ByASnapshotWithoutTheDevice_CutsIt()
    {
        await using var host = await RelayHost.StartAsync();
        var device = host.NewPrincipal();
        var control = await host.ConnectControlAsync(device);
        var client = await host.ConnectDeviceAsync(device);

        await control.SendSnapshotAsync();

        Assert.Equal(MqttClientDisconnectReason.NotAuthorized, await client.DisconnectedAsync());
    }

    [Fact]
    public async Task Revoke_OfAVersion3Client_ClosesIt()
    {
        await using var host = await RelayHost.StartAsync();
        var device = host.NewPrincipal();
        var control = await host.ConnectControlAsync(device);
        var client = host.NewClient(device);
        await client.ConnectVersion3Async();

        await control.SendDeltaAsync(device.Entry(DirectoryStatus.Revoked));

        await client.DisconnectedAsync();
    }

    [Fact]
    public async Task Revoke_AfterTheDirectoryHasIt_NothingMoreOfTheDeviceIsHeard()
    {
        await using var host = await RelayHost.StartAsync();
        var device = host.NewPrincipal();
        var control = await host.ConnectControlAsync(device);
        using var client = await RawClient.ConnectAsync(host, device);
        await control.ReceivePresenceAsync(device);

        await control.SendDeltaAsync(device.Entry(DirectoryStatus.Revoked));
        await client.TrySendAsync(client.Encode(new MqttPublishPacket
        {
            Topic = Topics.Up(device.Id),
            PacketIdentifier = 1,
            QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
        }));

        Assert.Equal(MqttDisconnectReasonCode.NotAuthorized, await client.DisconnectReasonAsync());
        await control.ReceivePresenceAsync(device);
        await control.Client.PingAsync();
        Assert.False(control.Client.TryReceive(out _));
    }

    [Fact]
    public async Task KeyChange_WhileConnected_CutsTheDevice_WhichComesBackWithItsNewKey()
    {
        await using var host = await RelayHost.StartAsync();
        var device = host.NewPrincipal();
        var control = await host.ConnectControlAsync(device);
        var client = await host.ConnectDeviceAsync(device);
        device.Rotate();

        await control.SendDeltaAsync(device.Entry());

        Assert.Equal(MqttClientDisconnectReason.AdministrativeAction, await client.DisconnectedAsync());
        await host.ConnectDeviceAsync(device);
    }

    [Fact]
    public async Task Update_ThatLeavesADeviceAsItWas_DoesNotCutIt()
    {
        await using var host = await RelayHost.StartAsync();
        var device = host.NewPrincipal();
        var control = await host.ConnectControlAsync(device);
        var client = await host.ConnectDeviceAsync(device);

        await control.SendDeltaAsync(device.Entry());
        await control.SendSnapshotAsync(device.Entry());

        Assert.Equal(MqttClientPublishReasonCode.Success, await client.PublishAsync(Topics.Up(device.Id), [1]));
    }

    [Fact]
    public async Task SecondConnection_TakesOverOnceItIsAuthenticated()
    {
        await using var host = await RelayHost.StartAsync();
        var device = host.NewPrincipal();
        var control = await host.ConnectControlAsync(device);
        var first = await host.ConnectDeviceAsync(device);
        var firstCame = await control.ReceivePresenceAsync(device);

        var second = await host.ConnectDeviceAsync(device);

        Assert.Equal(MqttClientDisconnectReason.SessionTakenOver, await first.DisconnectedAsync());
        var firstWent = await control.ReceivePresenceAsync(device);
        var secondCame = await control.ReceivePresenceAsync(device);
        Assert.Equal((false, firstCame.ConnectionNo), (firstWent.Connected, firstWent.ConnectionNo));
        Assert.True(secondCame.Connected && secondCame.ConnectionNo > firstCame.ConnectionNo);
        Assert.Equal(MqttClientPublishReasonCode.Success, await second.PublishAsync(Topics.Up(device.Id), [1]));
        Assert.Equal(1, host.Status.Devices);
    }

    [Fact]
    public async Task SecondConnection_ThatIsNotAuthenticated_TakesNothing()
    {
        await using var host = await RelayHost.StartAsync();
        var device = host.NewPrincipal();
        await host.ConnectControlAsync(device);
        var first = await host.ConnectDeviceAsync(device);
        using var second = await RawClient.OpenAsync(host);

        await second.SendAsync(RawClient.Hello(device, out _));
        Assert.IsType<MqttAuthPacket>(await second.ReceiveAsync());
        await first.PingAsync();
        await second.SendAsync(RawClient.Answer(RelayAuthentication.EncodeResponse(new byte[64])));

        Assert.Equal(MqttConnectReasonCode.NotAuthorized, Assert.IsType<MqttConnAckPacket>(await second.ReceiveAsync()).ReasonCode);
        Assert.Equal(MqttClientPublishReasonCode.Success, await first.PublishAsync(Topics.Up(device.Id), [1]));
    }

    [Fact]
    public async Task TakeOver_AgainAndAgain_LeavesTheLastAlone()
    {
        await using var host = await RelayHost.StartAsync();
        var device = host.NewPrincipal();
        await host.ConnectControlAsync(device);
        RelayClient? last = null;
        for (var round = 0; round < 10; round++)
        {
            last = await host.ConnectDeviceAsync(device);
        }

        Assert.Equal(MqttClientPublishReasonCode.Success, await last!.PublishAsync(Topics.Up(device.Id), [1]));
        await Wait.ForAsync(() => host.Status is { Devices: 1, Unauthenticated: 0 }, "the replaced connections are gone");
    }

    [Fact]
    public async Task ControlThatComesLater_HearsWhoIsHere()
    {
        await using var host = await RelayHost.StartAsync();
        var (device, gone) = (host.NewPrincipal(), host.NewPrincipal());
        var first = await host.ConnectControlAsync(device, gone);
        await host.ConnectDeviceAsync(device);
        await (await host.ConnectDeviceAsync(gone)).DisconnectAsync();
        await first.ReceivePresenceAsync(gone);
        await first.ReceivePresenceAsync(gone);

        var second = new ControlClient(host.NewClient(host.Control));
        await second.ConnectAsync();

        Assert.True((await second.ReceivePresenceAsync(device)).Connected);
        await second.Client.PingAsync();
        Assert.False(second.Client.TryReceive(out _));
    }

    [Fact]
    public async Task Will_OfALostDevice_GoesToItsUplink()
    {
        await using var host = await RelayHost.StartAsync();
        var device = host.NewPrincipal();
        var control = await host.ConnectControlAsync(device);
        var client = await RawClient.ConnectAsync(host, device, connect =>
        {
            connect.WillFlag = true;
            connect.WillTopic = Topics.Up(device.Id);
            connect.WillMessage = [9];
            connect.WillQoS = MqttQualityOfServiceLevel.AtLeastOnce;
        });

        client.Dispose();

        Assert.Equal([9], (await control.ReceiveAsync(Topics.Up(device.Id))).Payload);
    }

    [Fact]
    public async Task Will_Elsewhere_IsRefusedAtConnect()
    {
        await using var host = await RelayHost.StartAsync();
        var (device, other) = (host.NewPrincipal(), host.NewPrincipal());
        await host.ConnectControlAsync(device, other);
        using var client = await RawClient.OpenAsync(host);

        var answer = await client.AuthenticateAsync(host, device, connect =>
        {
            connect.WillFlag = true;
            connect.WillTopic = Topics.Up(other.Id);
            connect.WillMessage = [9];
        });

        Assert.Equal(MqttConnectReasonCode.NotAuthorized, Assert.IsType<MqttConnAckPacket>(answer).ReasonCode);
    }

    [Fact]
    public async Task Stop_OfTheRelay_SaysThatItShutsDown()
    {
        RelayClient client;
        await using (var host = await RelayHost.StartAsync())
        {
            var device = host.NewPrincipal();
            await host.ConnectControlAsync(device);
            client = await host.ConnectDeviceAsync(device);
            await host.StopAsync();
            Assert.Equal(MqttClientDisconnectReason.ServerShuttingDown, await client.DisconnectedAsync());
        }
    }
}
