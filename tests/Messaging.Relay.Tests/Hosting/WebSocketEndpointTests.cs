using System.Net;
using System.Net.WebSockets;
using Messaging.Relay.Tests.Support;

namespace Messaging.Relay.Tests.Hosting;

public sealed class WebSocketEndpointTests
{
    [Fact]
    public async Task Get_WithoutUpgrade_IsToldToUpgrade()
    {
        await using var host = await RelayHost.StartAsync();
        using var http = new HttpClient();

        using var response = await http.GetAsync(new Uri(HttpUrl(host) + "/mqtt"), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.UpgradeRequired, response.StatusCode);
    }

    [Fact]
    public async Task Upgrade_WithoutTheSubProtocol_IsRefused()
    {
        await using var host = await RelayHost.StartAsync();
        using var socket = new ClientWebSocket();

        await Assert.ThrowsAsync<WebSocketException>(() => ConnectAsync(socket, host));

        Assert.Equal(0, host.Count("connectionsAccepted"));
    }

    [Fact]
    public async Task TextFrame_EndsTheConnection()
    {
        await using var host = await RelayHost.StartAsync();
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("mqtt");
        await ConnectAsync(socket, host);

        await socket.SendAsync("CONNECT"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, Wait.Timeout);

        Assert.Equal(WebSocketMessageType.Close, (await socket.ReceiveAsync(new byte[100], Wait.Timeout)).MessageType);
    }

    [Fact]
    public async Task BinaryFrames_NeedNotEndWhereAPacketEnds()
    {
        await using var host = await RelayHost.StartAsync();
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("mqtt");
        await ConnectAsync(socket, host);
        using var encoder = await RawClient.OpenAsync(host);

        foreach (var part in encoder.Encode(RawClient.Hello(host.Control, out _)).Chunk(10))
        {
            await socket.SendAsync(part, WebSocketMessageType.Binary, endOfMessage: true, Wait.Timeout);
        }

        var answer = new byte[100];
        var result = await socket.ReceiveAsync(answer, Wait.Timeout);
        Assert.Equal(WebSocketMessageType.Binary, result.MessageType);
        Assert.Equal(0xF0, answer[0]);
    }

    [Fact]
    public async Task Strangers_BeyondTheLimit_AreTurnedAway()
    {
        await using var host = await RelayHost.StartAsync(options => options with { MaxUnauthenticated = 1 });
        using var first = await RawClient.OpenAsync(host);
        await Wait.ForAsync(() => host.Status.Unauthenticated == 1, "the only place is taken");
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("mqtt");

        await Assert.ThrowsAsync<WebSocketException>(() => ConnectAsync(socket, host));

        Assert.Equal(1, host.Count("connectionsRefused"));
    }

    private static string HttpUrl(RelayHost host) => host.Urls.Single(url => url.StartsWith("http:", StringComparison.Ordinal));

    private static Task ConnectAsync(ClientWebSocket socket, RelayHost host) =>
        socket.ConnectAsync(new Uri(HttpUrl(host).Replace("http:", "ws:", StringComparison.Ordinal) + "/mqtt"), Wait.Timeout);
}
