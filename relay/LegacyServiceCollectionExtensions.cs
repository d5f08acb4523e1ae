using System.Net;
using Messaging.Relay.Legacy;
using Messaging.Relay.Legacy.Http;
using Messaging.Relay.Legacy.Sessions;
using Messaging.Relay.Legacy.Udp;
using Messaging.Relay.Metrics;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Messaging.Relay;

/// <summary>Registers the legacy profile with its host.</summary>
public static class LegacyServiceCollectionExtensions
{
    /// <summary>Adds the legacy profile, for the seed system's agents; after <see cref="ChannelServiceCollectionExtensions.AddChannels(IServiceCollection, string)"/>.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="udp">Where the UDP bridge listens; null: there is none.</param>
    public static IServiceCollection AddLegacy(this IServiceCollection services, IPEndPoint? udp = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        return services.AddLegacy(new LegacyOptions { Udp = udp });
    }

    /// <summary>Serves the legacy profile on the host's HTTP listeners.</summary>
    public static void MapLegacy(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        LegacyEndpoints.Map(endpoints);
    }

    internal static IServiceCollection AddLegacy(this IServiceCollection services, LegacyOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton<LegacyCounters>();
        services.AddSingleton<SessionTable>();
        services.AddSingleton(Sessions);
        services.AddSingleton<LegacyChannels>();
        services.AddSingleton<LegacyEvents>();
        services.AddSingleton<LegacyConnections>();
        services.AddSingleton<LegacyReceiver>();
        services.AddSingleton<LegacyDirectory>();
        services.AddSingleton<LegacyService>();
        services.AddSingleton<LegacyEndpoint>();
        services.AddSingleton<AnswerPace>();
        services.AddSingleton<UdpCalls>();
        services.AddSingleton<UdpBridge>();
        services.AddSingleton<LegacyHost>();
        services.AddSingleton(static provider => new LegacyStatus(provider.GetRequiredService<LegacySessions>(), provider.GetRequiredService<LegacyCounters>()));
        services.AddHostedService<LegacyMetrics>();
        services.AddHostedService(static provider => provider.GetRequiredService<LegacyHost>());
        services.AddHostedService(static provider => provider.GetRequiredService<UdpBridge>());
        return services;
    }

    /// <summary>The sessions of the last run go on.</summary>
    private static LegacySessions Sessions(IServiceProvider provider)
    {
        var sessions = new LegacySessions(provider.GetRequiredService<LegacyOptions>());
        foreach (var session in provider.GetRequiredService<SessionTable>().Load(provider.GetRequiredService<TimeProvider>().GetTimestamp()))
        {
            sessions.Restore(session);
        }

        return sessions;
    }
}
