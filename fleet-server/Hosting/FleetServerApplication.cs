using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Messaging.FleetServer.Api;
using Messaging.FleetServer.Hosting.Dashboard;
using Messaging.FleetServer.Hosting.Limits;
using Messaging.FleetServer.Hosting.Metrics;
using Messaging.FleetServer.Trust;
using Messaging.Relay;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Messaging.FleetServer.Hosting;

/// <summary>Builds the web application of one fleet server process. Features register themselves; this file says which, and in what order.</summary>
internal static class FleetServerApplication
{
    /// <summary>How long a request may take to say what it is.</summary>
    private static readonly TimeSpan HeadersTimeout = TimeSpan.FromSeconds(15);

    /// <param name="options">Validated options with resolved ports.</param>
    /// <param name="certificate">For TLS; null exactly when TLS is off.</param>
    /// <param name="keys">The fleet's; null exactly when the process has no control role. Owned by the caller.</param>
    /// <param name="configure">More services: the demo's, a test's.</param>
    public static WebApplication Build(
        FleetServerOptions options, X509Certificate2? certificate, FleetKeys? keys, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "fleet-server" });
        ConfigureLogging(builder.Logging);
        var relay = options.Has(FleetRoles.Relay) && !options.AllowAnonymous ? RelaySettings.Of(options, certificate, keys) : null;
        builder.Services.AddFleetServer(options, certificate, keys, relay);
        builder.WebHost.UseKestrel(kestrel => Listen(kestrel, options, certificate, relay));
        configure?.Invoke(builder);
        var app = builder.Build();
        Map(app, options);
        return app;
    }

    private static void ConfigureLogging(ILoggingBuilder logging)
    {
        logging.SetMinimumLevel(LogLevel.Information);
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddSimpleConsole(static console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            console.UseUtcTimestamp = true;
        });
    }

    private static void Listen(
        KestrelServerOptions kestrel, FleetServerOptions options, X509Certificate2? certificate, RelayOptions? relay)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = ApiServices.MaxRequestBytes;
        kestrel.Limits.RequestHeadersTimeout = HeadersTimeout;
        if (options.Port is { } port)
        {
            kestrel.Listen(Bindable(options.ListenAddress), port, listen =>
            {
                // As many as devices may have WebSockets there, and half as many people and programs.
                var terms = relay ?? new RelayOptions();
                var limit = new HttpConnectionLimit(
                    terms.MaxConnections * 3 / 2,
                    terms.MaxConnectionsPerAddress * 3 / 2,
                    options.TrustedProxies,
                    listen.ApplicationServices.GetRequiredService<IMeterFactory>(),
                    TimeProvider.System,
                    listen.ApplicationServices.GetRequiredService<ILogger<HttpConnectionLimit>>());
                listen.Use(next => connection => limit.InvokeAsync(connection, next));
                if (certificate is not null)
                {
                    listen.UseHttps(certificate);
                }
            });
        }

        if (options.MetricsPort is { } metricsPort)
        {
            kestrel.Listen(IPAddress.Loopback, metricsPort);
        }

        if (relay is not null)
        {
            kestrel.ListenRelay(relay);
        }
    }

    /// <summary>"All addresses" where the machine has no IPv6.</summary>
    private static IPAddress Bindable(IPAddress address) =>
        address.Equals(IPAddress.IPv6Any) && !Socket.OSSupportsIPv6 ? IPAddress.Any : address;

    private static void Map(WebApplication app, FleetServerOptions options)
    {
        app.UseServerMetrics(options);
        if (options.TrustedProxies.Count > 0)
        {
            app.UseForwardedHeaders(Forwarded(options));
        }

        if (options.Has(FleetRoles.Control))
        {
            app.UseFleetApi();
            app.MapFleetApi();
        }
        else
        {
            app.UseMiddleware<SecurityHeadersMiddleware>();
            app.UseMiddleware<ProblemMiddleware>();
            app.UseRouting();
        }

        app.MapHealth();
        if (options.Has(FleetRoles.Relay) && !options.AllowAnonymous)
        {
            app.MapRelay();
        }

        if (options.HasChannels)
        {
            app.MapChannels();
        }

        if (options.HasLegacy)
        {
            app.MapLegacy();
        }

        if (options.Has(FleetRoles.Dashboard))
        {
            app.MapDashboard();
        }

        if (options.Has(FleetRoles.Control))
        {
            app.RequireListedEndpoints();
        }
    }

    private static ForwardedHeadersOptions Forwarded(FleetServerOptions options)
    {
        var forwarded = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor };
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var proxy in options.TrustedProxies)
        {
            forwarded.KnownProxies.Add(proxy);
        }

        return forwarded;
    }
}
