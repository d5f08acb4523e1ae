using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Messaging.Agent.Configuration;
using Messaging.Agent.Transport;
using Messaging.Agent.Transport.Dialing;

namespace Messaging.Agent.Tests.Transport;

public sealed class LinkOpenerTests : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public LinkOpenerTests() => _listener.Start();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("ws")]
    [InlineData("http")]
    public async Task Open_TurnedAwayWithATime_SaysForHowLong(string scheme)
    {
        var problem = await OpenAsync<RelayRefusedException>(scheme, "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 17\r\nContent-Length: 0\r\n\r\n");

        Assert.Equal((RelayRefusal.Unavailable, TimeSpan.FromSeconds(17)), (problem.Refusal, problem.RetryAfter));
        Assert.Contains("turned the device away: 503", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Retry-After: soon\r\n")]
    [InlineData("Retry-After: -1\r\n")]
    [InlineData("Retry-After: Fri, 31 Dec 1999 23:59:59 GMT\r\n")]
    public async Task Open_TurnedAwayWithoutATime_IsOneFailureLikeAnother(string header)
    {
        var answer = $"HTTP/1.1 503 Service Unavailable\r\n{header}Content-Length: 0\r\n\r\n";

        await OpenAsync<WebSocketException>("ws", answer);
        await OpenAsync<HttpRequestException>("http", answer);
    }

    public void Dispose() => _listener.Dispose();

    private async Task<T> OpenAsync<T>(string scheme, string answer)
        where T : Exception
    {
        Assert.True(RelayEndpoint.TryParse($"{scheme}://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/mqtt", out var endpoint, out _));
        var opener = new LinkOpener(new Dialer(new ProxySettings(new TransportOptions(), static _ => null), TimeProvider.System), TimeProvider.System);
        var opening = opener.OpenAsync(endpoint, new ServerCertificateCheck([]), Ct);
        using var server = await _listener.AcceptSocketAsync(Ct);
        await server.ReceiveAsync(new byte[4096], Ct);
        await server.SendAsync(Encoding.ASCII.GetBytes(answer), Ct);
        server.Shutdown(SocketShutdown.Send);
        return await Assert.ThrowsAsync<T>(() => opening);
    }
}
