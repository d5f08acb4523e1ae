using System.Security.Authentication;
using Messaging.Relay.Hosting;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Messaging.Relay;

/// <summary>Puts the relay's listeners on the host's Kestrel.</summary>
public static class RelayKestrelExtensions
{
    /// <summary>Listens where <see cref="RelayOptions"/> says: plain TCP on loopback, TLS, a Unix socket.</summary>
    public static void ListenRelay(this KestrelServerOptions kestrel, RelayOptions options)
    {
        ArgumentNullException.ThrowIfNull(kestrel);
        ArgumentNullException.ThrowIfNull(options);
        var listeners = kestrel.ApplicationServices.GetRequiredService<RelayListeners>();
        if (options.Port is { } port)
        {
            kestrel.Listen(System.Net.IPAddress.Loopback, port, listen =>
            {
                listeners.Plain = listen;
                Serve(listen, certificateOf: null);
            });
        }

        if (options.TlsPort is { } tlsPort)
        {
            kestrel.Listen(options.TlsAddress, tlsPort, listen =>
            {
                listeners.Tls = listen;
                Serve(listen, options);
            });
        }

        if (options.UnixSocketPath is { } path)
        {
            kestrel.ListenUnixSocket(path, listen => Serve(listen, certificateOf: null));
        }
    }

    private static void Serve(ListenOptions listen, RelayOptions? certificateOf)
    {
        var gate = listen.ApplicationServices.GetRequiredService<GateMiddleware>();

        // No HTTP here, and so no HTTP protocol names in the TLS handshake.
        listen.Protocols = HttpProtocols.None;
        listen.Use(next => connection => gate.InvokeAsync(connection, next));
        if (certificateOf is not null)
        {
            listen.UseHttps(https =>
            {
                https.ServerCertificate = certificateOf.Certificate;
                https.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
                https.HandshakeTimeout = certificateOf.ConnectTimeout;
            });
        }

        listen.UseConnectionHandler<RelayConnectionHandler>();
    }
}
