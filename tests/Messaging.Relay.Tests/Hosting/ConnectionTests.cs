using Messaging.Relay.Tests.Support;
using Messaging.Wire;
using MQTTnet;

namespace Messaging.Relay.Tests.Hosting;

/// <summary>A device and control over every transport, with both versions of MQTT.</summary>
public sealed class ConnectionTests
{
    [Theory]
    [InlineData("tcp", "mqtt5")]
    [InlineData("unix", "mqtt5")]
    [InlineData("tls", "mqtt5+tls")]
    [InlineData("ws", "mqtt5+ws")]
    [InlineData("wss", "mqtt5+tls+ws")]
    public async Task Version5_OverEveryTransport_CarriesRecordsBothWays(string transport, string name)
    {
        await using var host = await RelayHost.StartAsync();
        var device = host.NewPrincipal();
        var control = await host.ConnectControlAsync(device);
        var client = host.NewClient(device);
        client.Transport = transport;

        var result = await client.ConnectAsync();

        Assert.Equal(MqttClientConnectResultCode.Success, result.ResultCode);
        await AssertCarriesBothWaysAsync(control, client, name);
    }

    [Theory]
    [InlineData("tcp", "mqtt3.1.1")]
    [InlineData("unix", "mqtt3.1.1")]
    [InlineData("tls", "mqtt3.1.1+tls")]
    [InlineData("ws", "mqtt3.1.1+ws")]
    [InlineData("wss", "mqtt3.1.1+tls+ws")]
    public async Task Version3_OverEveryTransport_CarriesRecordsBothWays(string transport, string name)
    {
        await using var host = await RelayHost.StartAsync();
        var device = host.NewPrincipal();
        var control = await host.ConnectControlAsync(device);
        var client = host.NewClient(device);
        client.Transport = transport;
        var token = client.CreateToken(spkiHash: name.Contains("tls", StringComparison.Ordinal) ? host.SpkiHash : null);

        var result = await client.ConnectVersion3Async(token);

        Assert.Equal(MqttClientConnectResultCode.Success, result.ResultCode);
        await AssertCarriesBothWaysAsync(control, client, name);
    }

    [Fact]
    public async Task Control_OverUnixSocket_GivesDirectory()
    {
        await using var host = await RelayHost.StartAsync();
        var device = host.NewPrincipal();
        var control = new ControlClient(host.NewClient(host.Control));
        control.Client.Transport = "unix";

        await control.ConnectAsync();
        await control.SendSnapshotAsync(device.Entry());

        Assert.True(host.Status.HasDirectory);
        await host.ConnectDeviceAsync(device);
    }

    private static async Task AssertCarriesBothWaysAsync(ControlClient control, RelayClient device, string transportName)
    {
        var presence = await control.ReceivePresenceAsync(device.Principal);
        Assert.True(presence.Connected);
        Assert.Equal(transportName, presence.Transport);

        await device.PublishAsync(Topics.Up(device.Principal.Id), [1, 2, 3]);
        Assert.Equal([1, 2, 3], (await control.ReceiveAsync(Topics.Up(device.Principal.Id))).Payload);

        Assert.Equal(MqttClientSubscribeResultCode.GrantedQoS1, await device.SubscribeAsync(Topics.Down(device.Principal.Id)));
        Assert.Equal(MqttClientPublishReasonCode.Success, await control.Client.PublishAsync(Topics.Down(device.Principal.Id), [4, 5]));
        Assert.Equal([4, 5], (await device.ReceiveAsync()).Payload);

        await device.DisconnectAsync();
        var end = await control.ReceivePresenceAsync(device.Principal);
        Assert.False(end.Connected);
        Assert.Equal(presence.ConnectionNo, end.ConnectionNo);
    }
}
