using System.Security.Cryptography;
using Messaging.Relay.Tests.Support;
using Messaging.Wire;
using MQTTnet;

namespace Messaging.Relay.Tests.Polling;

/// <summary>A stock MQTT client whose bytes go by long poll: to the broker it is a connection like any other.</summary>
public sealed class PollConnectionTests
{
    [Theory]
    [InlineData(false, "mqtt5+poll")]
    [InlineData(true, "mqtt5+tls+poll")]
    public async Task Device_OverLongPoll_CarriesRecordsBothWays(bool tls, string name)
    {
        await using var host = await RelayHost.StartAsync();
        var device = host.NewPrincipal();
        var control = await host.ConnectControlAsync(device);
        using var poll = await PollClient.OpenAsync(host, tls);
        using var bridge = new PollBridge(poll);
        var client = host.NewClient(device);
        client.Transport = null;
        client.SeenSpkiHash = poll.SeenSpkiHash;

        var result = await client.ConnectAsync(builder => builder.WithTcpServer("127.0.0.1", bridge.Port));

        Assert.Equal(MqttClientConnectResultCode.Success, result.ResultCode);
        Assert.Equal(name, (await control.ReceivePresenceAsync(device)).Transport);
        var large = RandomNumberGenerator.GetBytes(200_000);
        await client.PublishAsync(Topics.Up(device.Id), large);
        Assert.Equal(large, (await control.ReceiveAsync(Topics.Up(device.Id))).Payload);
        await client.SubscribeAsync(Topics.Down(device.Id));
        Assert.Equal(MqttClientPublishReasonCode.Success, await control.Client.PublishAsync(Topics.Down(device.Id), large));
        Assert.Equal(large, (await client.ReceiveAsync()).Payload);

        await client.DisconnectAsync();
        Assert.False((await control.ReceivePresenceAsync(device)).Connected);
        await bridge.Served;
        await Wait.ForAsync(() => host.Status is { Devices: 0, Unauthenticated: 0 }, "the session's place is free");
    }

    [Fact]
    public async Task Device_UnderAnotherCertificate_IsNotLetIn()
    {
        await using var host = await RelayHost.StartAsync();
        var device = host.NewPrincipal();
        await host.ConnectControlAsync(device);
        using var poll = await PollClient.OpenAsync(host, tls: true);
        using var bridge = new PollBridge(poll);
        var client = host.NewClient(device);
        client.Transport = null;
        client.SeenSpkiHash = new byte[32];

        await Assert.ThrowsAnyAsync<Exception>(() => client.ConnectAsync(builder => builder.WithTcpServer("127.0.0.1", bridge.Port)));

        Assert.Equal(0, host.Status.Devices);
    }

    [Fact]
    public async Task UnknownDevice_IsToldWhy()
    {
        await using var host = await RelayHost.StartAsync();
        await host.ConnectControlAsync();
        using var poll = await PollClient.OpenAsync(host);
        using var bridge = new PollBridge(poll);
        var client = host.NewClient(host.NewPrincipal());
        client.Transport = null;

        var result = await client.ConnectAsync(builder => builder.WithTcpServer("127.0.0.1", bridge.Port));

        Assert.Equal(MqttClientConnectResultCode.NotAuthorized, result.ResultCode);
    }
}
