using System.Net.Security;
using System.Net.Sockets;

namespace Messaging.Agent.Transport.Dialing;

/// <summary>Opens byte streams to hosts, through the proxy where there is one.</summary>
/// <param name="proxies">Which.</param>
/// <param name="time">The clock.</param>
/// <param name="count">Told of every byte that goes into a socket or comes out of one.</param>
internal sealed class Dialer(ProxySettings proxies, TimeProvider time, Action<int>? count = null)
{
    /// <summary>The proxy on the way to a host, for the status screen; null: none.</summary>
    public string? RouteTo(RelayEndpoint endpoint)
    {
        try
        {
            return proxies.For(endpoint.Host, endpoint.Port)?.Name;
        }
        catch (ProxyException)
        {
            // The attempt will say so.
            return null;
        }
    }

    /// <exception cref="IOException">The proxy refuses, or the connection broke.</exception>
    /// <exception cref="SocketException">Nobody answers.</exception>
    public async Task<Stream> OpenAsync(string host, int port, CancellationToken ct)
    {
        if (proxies.For(host, port) is not { } proxy)
        {
            return Counted(await TcpDialer.ConnectAsync(host, port, time, ct));
        }

        var stream = Counted(await ConnectAsync(proxy, ct));
        try
        {
            if (proxy.Uri.Scheme == "https")
            {
                var tls = new SslStream(stream);
                stream = tls;
                await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = proxy.Uri.IdnHost }, ct);
            }

            await ProxyTunnel.OpenAsync(stream, proxy, host, port, ct);
            return stream;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    /// <summary>A handler of HTTP requests that go this way.</summary>
    public SocketsHttpHandler CreateHandler(Func<System.Security.Cryptography.X509Certificates.X509Certificate?, SslPolicyErrors, bool> accept) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ConnectCallback = async (context, ct) => await OpenAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, ct),
        SslOptions = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = (_, certificate, _, errors) => accept(certificate, errors),
        },
    };

    private Stream Counted(Socket socket)
    {
        var stream = new NetworkStream(socket, ownsSocket: true);
        return count is null ? stream : new CountedStream(stream, count);
    }

    private async Task<Socket> ConnectAsync(ProxyServer proxy, CancellationToken ct)
    {
        try
        {
            return await TcpDialer.ConnectAsync(proxy.Uri.IdnHost, proxy.Uri.Port, time, ct);
        }
        catch (SocketException e)
        {
            throw new ProxyException($"the proxy {proxy.Name} cannot be reached: {e.Message}");
        }
    }
}
