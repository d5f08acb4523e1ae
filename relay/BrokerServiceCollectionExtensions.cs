using Messaging.Relay.Metrics;
using Messaging.Relay.Mqtt;
using Messaging.Relay.Mqtt.Connections;
using Messaging.Relay.Mqtt.Durability;
using Messaging.Relay.Storage;
using Messaging.Relay.Users;
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
    /// <param name="path">The file of sessions and retained messages; made where it is missing, its folder is there.</param>
    public static IServiceCollection AddOpenBroker(this IServiceCollection services, int port, string path)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(path);
        services.TryAddSingleton(TimeProvider.System);
        services.AddBroker(path);
        services.AddSingleton(provider => new BrokerListener(provider.GetRequiredService<Broker>(), port, provider.GetRequiredService<ILogger<BrokerListener>>()));
        services.AddHostedService(static provider => provider.GetRequiredService<BrokerListener>());
        return services;
    }

    /// <summary>Adds the broker itself, whoever its clients come by.</summary>
    internal static void AddBroker(this IServiceCollection services, string path)
    {
        services.TryAddSingleton(new BrokerOptions());
        services.AddSingleton(provider => StoreFault.Explain(
            path,
            "then all kept sessions and retained messages of MQTT are gone.",
            () => new BrokerJournal(
                new RelayStore(path, provider.GetRequiredService<ILogger<RelayStore>>()),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<BrokerJournal>>())));
        services.AddSingleton(provider => StoreFault.Explain(
            path, "then all kept sessions and retained messages of MQTT are gone.", () => ActivatorUtilities.CreateInstance<Broker>(provider)));
        services.AddSingleton(static provider => new BrokerStatus(provider.GetRequiredService<Broker>(), provider.GetService<UserDirectory>()));
        services.AddMetrics();
        services.AddHostedService<JournalHost>();
        services.AddHostedService<BrokerMetrics>();
    }
}
