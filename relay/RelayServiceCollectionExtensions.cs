using Messaging.Relay.Authentication;
using Messaging.Relay.Connections;
using Messaging.Relay.Counters;
using Messaging.Relay.Hosting;
using Messaging.Relay.Limits;
using Messaging.Relay.Metrics;
using Messaging.Relay.Polling;
using Messaging.Relay.Presence;
using Messaging.Relay.Principals;
using Messaging.Relay.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Messaging.Relay;

/// <summary>Registers the relay with its host.</summary>
public static class RelayServiceCollectionExtensions
{
    /// <summary>
    /// Adds the relay. It takes connections where <see cref="RelayKestrelExtensions.ListenRelay"/> and
    /// <see cref="RelayEndpointExtensions.MapRelay"/> put it; <see cref="RelayStatus"/> tells how it is.
    /// </summary>
    /// <exception cref="RelayOptionsException">The options are not valid; every reason is listed.</exception>
    public static IServiceCollection AddRelay(this IServiceCollection services, RelayOptions options)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(options);
        if (RelayOptionsValidator.Validate(options) is { Count: > 0 } errors)
        {
            throw new RelayOptionsException(errors);
        }

        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton<RelayCounters>();
        services.AddSingleton<RelayListeners>();
        services.AddSingleton<ConnectionGate>();
        services.AddSingleton<ReturnTimes>();
        services.AddSingleton<PrincipalDirectory>();
        services.AddSingleton<SessionRegistry>();
        services.AddSingleton<MessageRouter>();
        services.AddSingleton<PresencePublisher>();
        services.AddSingleton<SessionEnder>();
        services.AddSingleton<DirectoryUpdater>();
        services.AddSingleton<PublishHandler>();
        services.AddSingleton<NonceMemory>();
        services.AddSingleton<TokenAuthentication>();
        services.AddSingleton<ChallengeAuthentication>();
        services.AddSingleton<ConnectHandler>();
        services.AddSingleton<BrokerLog>();
        services.AddSingleton<GateMiddleware>();
        services.AddSingleton<RelayConnectionHandler>();
        services.AddSingleton<WebSocketEndpoint>();
        services.AddSingleton<PollSessions>();
        services.AddSingleton<PollEndpoint>();
        services.AddSingleton(provider => new RelayStatus(
            provider.GetRequiredService<RelayListeners>(),
            provider.GetRequiredService<PrincipalDirectory>(),
            provider.GetRequiredService<ConnectionGate>(),
            provider.GetRequiredService<RelayCounters>()));
        services.AddMetrics();
        services.AddHostedService<FleetMetrics>();
        services.AddSingleton<ChannelSweeper>();
        services.AddSingleton<RelayBroker>();
        services.AddHostedService(provider => provider.GetRequiredService<ChannelSweeper>());
        services.AddHostedService(provider => provider.GetRequiredService<RelayBroker>());
        services.AddHostedService<StatsPublisher>();
        if (options.UnixSocketPath is { } path)
        {
            services.Configure<SocketTransportOptions>(sockets => PrivateUnixSocket.Install(sockets, path));
        }

        return services;
    }
}
