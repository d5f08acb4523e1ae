using Messaging.Relay.Metrics;
using Messaging.Relay.Mqtt;
using Messaging.Relay.Mqtt.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Messaging.Relay;

/// <summary>Registers the generic MQTT namespace with its host.</summary>
public static class BrokerServiceCollectionExtensions
{
    /// <summary>Adds an MQTT broker on 127.0.0.1 that asks nobody for credentials.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="port">TCP port; 0 picks a free one.</param>
    public static IServiceCollection AddOpenBroker(this IServiceCollection services, int port)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(new BrokerOptions());
        services.AddSingleton<Broker>();
        services.AddMetrics();
        services.AddHostedService<BrokerMetrics>();
        services.AddSingleton(provider => new BrokerListener(provider.GetRequiredService<Broker>(), port, provider.GetRequiredService<ILogger<BrokerListener>>()));
        services.AddHostedService(static provider => provider.GetRequiredService<BrokerListener>());
        return services;
    }
}
