using System.Net.Security;
using System.Net.Sockets;

namespace Messaging.Agent.Transport.Dialing;

/// <summary>Opens byte streams to hosts, through the proxy where there is one.</summary>
internal sealed class Dialer(ProxySettings proxies, TimeProvider time)
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
            return new NetworkStream(await TcpDialer.ConnectAsync(host, port, time, ct), ownsSocket: true);
        }

        Stream stream = new NetworkStream(await ConnectAsync(proxy, ct), ownsSocket: true);
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
