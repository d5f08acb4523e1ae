using Messaging.Relay.Channels;
using Messaging.Relay.Channels.Http;
using Messaging.Relay.Channels.Mqtt;
using Messaging.Relay.Channels.Sockets;
using Messaging.Relay.Metrics;
using Messaging.Relay.Storage;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Messaging.Relay;

/// <summary>Registers channels with their host.</summary>
public static class ChannelServiceCollectionExtensions
{
    private const string Consequence = "then all channels are gone, and whoever has a channel's secret makes it again.";

    /// <summary>Adds channels, which are kept in a file; beside <see cref="RelayServiceCollectionExtensions.AddRelay"/>.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="path">The file; made where it is missing, its folder is there.</param>
    public static IServiceCollection AddChannels(this IServiceCollection services, string path)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(path);
        return services.AddChannels(new ChannelOptions { Path = path });
    }

    /// <summary>Serves channels on the host's HTTP listeners.</summary>
    public static void MapChannels(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ChannelEndpoints.Map(endpoints);
    }

    internal static IServiceCollection AddChannels(this IServiceCollection services, ChannelOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddCors();
        services.AddSingleton(options);
        services.AddSingleton(provider => StoreFault.Explain(
            options.Path, Consequence, () => new RelayStore(options.Path, provider.GetRequiredService<ILogger<RelayStore>>())));
        services.AddSingleton(provider => StoreFault.Explain(options.Path, Consequence, () => ActivatorUtilities.CreateInstance<ChannelRegistry>(provider)));
        services.AddMetrics();
        services.AddHostedService<ChannelMetrics>();
        services.AddSingleton(static provider => new ChannelStatus(provider.GetRequiredService<ChannelRegistry>(), provider.GetRequiredService<MqttChannels>()));
        services.AddSingleton<CreateLimit>();
        services.AddSingleton<ChannelEndpoint>();
        services.AddSingleton<RecordsEndpoint>();
        services.AddSingleton<StreamEndpoint>();
        services.AddSingleton<SocketEndpoint>();
        services.AddSingleton<MqttChannels>();
        services.AddHostedService(static provider => provider.GetRequiredService<MqttChannels>());
        services.AddSingleton<ChannelHost>();
        services.AddHostedService(static provider => provider.GetRequiredService<ChannelHost>());
        return services;
    }
}
