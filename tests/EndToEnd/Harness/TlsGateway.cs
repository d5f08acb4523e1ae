using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Messaging.EndToEnd.Harness;

/// <summary>A reverse proxy that ends TLS under the server's own key, and may not know what a WebSocket is.</summary>
internal sealed class TlsGateway : TcpForwarder
{
    private readonly X509Certificate2 _certificate;
    private readonly int _serverPort;

    public TlsGateway(int port, int serverPort, X509Certificate2 certificate)
        : base(port)
    {
        _serverPort = serverPort;
        _certificate = certificate;
        Begin();
    }

    /// <summary>Gets or sets a value indicating whether requests for an upgrade are answered with 502.</summary>
    public bool BreaksWebSocket { get; set; }

    protected override async Task ServeAsync(NetworkStream client, CancellationToken stop)
    {
        await using var front = new SslStream(client);
        await front.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, stop);
        await using var back = new SslStream(await ConnectAsync(_serverPort, stop), leaveInnerStreamOpen: false, (_, shown, _, _) => _certificate.Equals(shown));
        await back.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost" }, stop);
        var first = new byte[16 * 1024];
        var count = await front.ReadAsync(first, stop);
        if (BreaksWebSocket && Encoding.ASCII.GetString(first, 0, count).Contains("Upgrade: websocket", StringComparison.OrdinalIgnoreCase))
        {
            await front.WriteAsync("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray(), stop);
            return;
        }

        await back.WriteAsync(first.AsMemory(0, count), stop);
        await BothAsync(ended => front.CopyToAsync(back, ended), ended => back.CopyToAsync(front, ended), stop);
    }
}
