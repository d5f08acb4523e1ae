using System.Net;
using System.Net.Sockets;
using System.Text;
using Messaging.Agent.Transport.Dialing;

namespace Messaging.Agent.Tests.Transport.Dialing;

public sealed class ProxyTunnelTests : IDisposable
{
    private static readonly ProxyServer Proxy = new(new Uri("http://proxy:3128"), "device", "pass word");
    private readonly Socket _proxy;
    private readonly NetworkStream _stream;

    public ProxyTunnelTests()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
        client.Connect(listener.LocalEndpoint);
        _proxy = listener.AcceptSocket();
        _stream = new NetworkStream(client, ownsSocket: true);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Open_AsksForTheTarget_AndLeavesWhatFollowsTheHead()
    {
        Answer("HTTP/1.1 200 Connection established\r\nVia: somebody\r\n\r\nfirst");

        await ProxyTunnel.OpenAsync(_stream, Proxy, "fd00::1", 8883, Ct);

        var credentials = Convert.ToBase64String("device:pass word"u8);
        Assert.Equal(
            $"CONNECT [fd00::1]:8883 HTTP/1.1\r\nHost: [fd00::1]:8883\r\nProxy-Authorization: Basic {credentials}\r\n\r\n",
            await ReceiveAsync());
        var rest = new byte[5];
        await _stream.ReadExactlyAsync(rest, Ct);
        Assert.Equal("first", Encoding.ASCII.GetString(rest));
    }

    [Theory]
    [InlineData("HTTP/1.1 403 Forbidden\r\n\r\n", "does not let relay.example:8883 through (403)")]
    [InlineData("HTTP/1.0 407 Proxy Authentication Required\r\n\r\n", "does not accept the password of device (407)")]
    [InlineData("SSH-2.0-OpenSSH\r\n\r\n", "does not answer as an HTTP proxy does")]
    [InlineData("HTTP/1.1 2xx\r\n\r\n", "does not answer as an HTTP proxy does")]
    [InlineData("HTTP/1.1 200 OK\r\n", "ended the connection")]
    [InlineData("", "ended the connection")]
    public async Task Open_RefusedOrAnsweredInAnotherWay_SaysSo(string answer, string reason)
    {
        Answer(answer);
        _proxy.Shutdown(SocketShutdown.Send);

        var problem = await Assert.ThrowsAsync<ProxyException>(() => ProxyTunnel.OpenAsync(_stream, Proxy, "relay.example", 8883, Ct));

        Assert.Contains(reason, problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("pass word", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_HeadWithoutAnEnd_IsGivenUp()
    {
        Answer("HTTP/1.1 200 OK\r\n" + string.Concat(Enumerable.Repeat("X-Filler: something\r\n", 1000)));

        await Assert.ThrowsAsync<ProxyException>(() => ProxyTunnel.OpenAsync(_stream, Proxy, "relay.example", 8883, Ct));
    }

    [Fact]
    public void Addresses_OfBothFamilies_TakeTurns() => Assert.Equal(
        ["::1", "10.0.0.1", "::2", "10.0.0.2", "10.0.0.3"],
        TcpDialer.Alternate([.. new[] { "::1", "::2", "10.0.0.1", "10.0.0.2", "10.0.0.3" }.Select(IPAddress.Parse)]).Select(static address => address.ToString()));

    public void Dispose()
    {
        _stream.Dispose();
        _proxy.Dispose();
    }

    private void Answer(string text) => _proxy.Send(Encoding.ASCII.GetBytes(text));

    private async Task<string> ReceiveAsync()
    {
        var buffer = new byte[4096];
        return Encoding.ASCII.GetString(buffer, 0, await _proxy.ReceiveAsync(buffer, Ct));
    }
}
