using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Messaging.EndToEnd.Harness;

/// <summary>A reverse proxy that ends TLS under the server's own key, and may not know what a WebSocket is.</summary>
internal sealed class TlsGateway : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly X509Certificate2 _certificate;
    private readonly int _serverPort;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly Task _accepting;

    public TlsGateway(int port, int serverPort, X509Certificate2 certificate)
    {
        _serverPort = serverPort;
        _certificate = certificate;
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start();
        _accepting = Accept();
    }

    /// <summary>Gets or sets a value indicating whether requests for an upgrade are answered with 502.</summary>
    public bool BreaksWebSocket { get; set; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections);
        _stop.Dispose();
    }

    private async Task Accept()
    {
        try
        {
            while (true)
            {
                _connections.Add(Serve(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            // The test has ended.
        }
    }

    private async Task Serve(TcpClient client)
    {
        using var _ = client;
        using var server = new TcpClient { NoDelay = true };
        client.NoDelay = true;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        try
        {
            await using var front = new SslStream(client.GetStream());
            await front.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, ended.Token);
            await server.ConnectAsync(IPAddress.Loopback, _serverPort, ended.Token);
            await using var back = new SslStream(server.GetStream(), leaveInnerStreamOpen: false, (_, shown, _, _) => _certificate.Equals(shown));
            await back.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost" }, ended.Token);
            var first = new byte[16 * 1024];
            var count = await front.ReadAsync(first, ended.Token);
            if (BreaksWebSocket && Encoding.ASCII.GetString(first, 0, count).Contains("Upgrade: websocket", StringComparison.OrdinalIgnoreCase))
            {
                await front.WriteAsync("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray(), ended.Token);
                return;
            }

            await back.WriteAsync(first.AsMemory(0, count), ended.Token);
            var up = front.CopyToAsync(back, ended.Token);
            var down = back.CopyToAsync(front, ended.Token);
            await Task.WhenAny(up, down);
            await ended.CancelAsync();
            await Task.WhenAll(up, down);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            // One side went away, as the tests make them do.
        }
    }
}
