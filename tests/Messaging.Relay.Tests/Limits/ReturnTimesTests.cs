using System.Net;
using System.Net.WebSockets;
using System.Text;
using Messaging.Relay.Tests.Support;
using Messaging.Wire;
using MQTTnet;
using MQTTnet.Packets;

namespace Messaging.Relay.Tests.Limits;

/// <summary>Whoever is sent away is told when to come back.</summary>
public sealed class ReturnTimesTests
{
    [Fact]
    public async Task ConnAck_WithoutAPlace_SaysWhen()
    {
        await using var host = await RelayHost.StartAsync(options => options with { MaxConnections = 1, RetryAfter = TimeSpan.FromSeconds(77) });
        var (device, other) = (host.NewPrincipal(), host.NewPrincipal());
        await host.ConnectControlAsync(device, other);
        var accepted = await host.NewClient(device).ConnectAsync();

        var refused = await host.NewClient(other).ConnectAsync();

        Assert.Equal(MqttClientConnectResultCode.ServerBusy, refused.ResultCode);
        Assert.Equal("77", Said(refused.UserProperties));
        Assert.Null(Said(accepted.UserProperties));
    }

    [Fact]
    public async Task ConnAck_WithoutADirectory_SaysLaterTheMoreHaveAsked()
    {
        await using var host = await RelayHost.StartAsync(options => options with { ReconnectsPerSecond = 1 });
        var device = host.NewPrincipal();
        List<string?> said = [];
        for (var i = 0; i < 4; i++)
        {
            said.Add(Said((await host.NewClient(device).ConnectAsync()).UserProperties));
        }

        Assert.Equal(["1", "1", "2", "3"], said);
    }

    [Fact]
    public async Task ConnAck_ToAStranger_SaysNothing()
    {
        await using var host = await RelayHost.StartAsync();
        await host.ConnectControlAsync(host.NewPrincipal());

        var refused = await host.NewClient(host.NewPrincipal()).ConnectAsync();

        Assert.Equal(MqttClientConnectResultCode.NotAuthorized, refused.ResultCode);
        Assert.Null(Said(refused.UserProperties));
    }

    [Fact]
    public async Task Disconnect_OfARelayThatStops_SaysWhen()
    {
        await using var host = await RelayHost.StartAsync();
        var device = host.NewPrincipal();
        await host.ConnectControlAsync(device);
        using var client = await RawClient.ConnectAsync(host, device);

        await host.StopAsync();

        Assert.Equal("1", Said(Assert.IsType<MqttDisconnectPacket>(await client.ReceiveAsync()).UserProperties));
    }

    [Fact]
    public async Task Http_WithoutAPlace_SaysWhen()
    {
        await using var host = await RelayHost.StartAsync(options => options with { MaxUnauthenticated = 1 });
        using var stranger = await RawClient.OpenAsync(host);
        await Wait.ForAsync(() => host.Status.Unauthenticated == 1, "the only place is taken");
        var url = host.Urls.Single(one => one.StartsWith("http:", StringComparison.Ordinal)) + "/mqtt";
        using var http = new HttpClient();

        using var poll = await http.PostAsync(new Uri(url + "/poll"), content: null, Wait.Timeout);
        using var socket = new ClientWebSocket { Options = { CollectHttpResponseDetails = true } };
        socket.Options.AddSubProtocol("mqtt");
        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(new Uri(url.Replace("http:", "ws:", StringComparison.Ordinal)), Wait.Timeout));

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "30"), (poll.StatusCode, poll.Headers.GetValues("Retry-After").Single()));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "30"), (socket.HttpStatusCode, socket.HttpResponseHeaders!["Retry-After"].Single()));
    }

    private static string? Said(IReadOnlyList<MqttUserProperty>? properties) =>
        properties?.SingleOrDefault(one => one.Name == RetryAfter.Property) is { } property ? Encoding.UTF8.GetString(property.ValueBuffer.Span) : null;
}
