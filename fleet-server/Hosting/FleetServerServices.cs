using System.Net;
using System.Security.Cryptography.X509Certificates;
using Messaging.FleetServer.Api;
using Messaging.FleetServer.ControlPlane;
using Messaging.FleetServer.Enrolment;
using Messaging.FleetServer.Files;
using Messaging.FleetServer.Hosting.Metrics;
using Messaging.FleetServer.Hosting.Tls;
using Messaging.FleetServer.Live;
using Messaging.FleetServer.Relaying;
using Messaging.FleetServer.Storage;
using Messaging.FleetServer.Trust;
using Messaging.FleetServer.Updates;
using Messaging.Relay;

namespace Messaging.FleetServer.Hosting;

/// <summary>Registers the roles of a fleet server. Each feature registers itself; this file only lists them.</summary>
internal static class FleetServerServices
{
    public static IServiceCollection AddFleetServer(
        this IServiceCollection services, FleetServerOptions options, X509Certificate2? certificate, FleetKeys? keys, RelayOptions? relay)
    {
        services.AddSingleton(options);
        services.AddSingleton(TimeProvider.System);
        var addresses = ServerAddresses.Of(options, certificate is null ? [] : [ServerCertificate.Pin(certificate)]);
        services.AddSingleton(addresses);
        services.AddRouting();
        services.AddSingleton(new Announcer(Console.Out));
        services.AddHealth();
        services.AddServerMetrics(options);
        services.Configure<HostOptions>(static host => host.ShutdownTimeout = TimeSpan.FromSeconds(15));

        // The relay first: it is there when control connects, and it is still there when control says goodbye.
        if (relay is not null)
        {
            services.AddRelay(relay);
        }

        if (options.HasChannels)
        {
            services.AddChannels(options.PathOf("relay.db"));
        }

        if (options.HasLegacy)
        {
            services.AddLegacy(options.LegacyUdpPort is { } udpPort ? new IPEndPoint(options.ListenAddress, udpPort) : null);
        }

        if (options.AllowAnonymous)
        {
            services.AddOpenBroker(options.MqttPort, options.PathOf(RelayServiceCollectionExtensions.BrokerFileName));
        }

        if (keys is not null)
        {
            services.AddControlRole(keys, Settings(options, addresses));
        }

        return services;
    }

    /// <summary>
    /// The registry is migrated before any hosted service's StartAsync runs, and the web server starts after all of them.
    /// </summary>
    private static void AddControlRole(this IServiceCollection services, FleetKeys keys, ControlSettings settings)
    {
        services.AddRegistryStorage();
        services.AddControlPlane(keys, settings);
        services.AddFleetApi();
        services.AddHostedService<WatchNotifier>();
        services.AddHostedService<NoticeAnnouncement>();
        services.AddHostedService<SetupAnnouncement>();
    }

    private static ControlSettings Settings(FleetServerOptions options, ServerAddresses addresses) => new()
    {
        DataFolder = options.DataFolder,
        Relay = options.RelayUrl is { } url
            ? RelayLinkOptions.Url(url, options.RelayPin)
            : RelayLinkOptions.Socket(RelaySettings.SocketPath(options)),
        Enrolment = new EnrolmentOptions { BaseUrl = addresses.BaseUrl },
        Files = FileLimits.Of(options),
        Repository = RepositoryLimits.Of(options),
    };
}
