using Messaging.Agent.Collect;
using Messaging.Agent.Collect.Kernel;
using Messaging.Agent.Configuration;
using Messaging.Agent.Events;
using Microsoft.Extensions.DependencyInjection;

namespace Messaging.Agent.Sensors;

internal static class SensorServices
{
    /// <summary>Adds a collector for each declared sensor.</summary>
    public static IServiceCollection AddSensors(this IServiceCollection services, AgentOptions options)
    {
        services.AddSingleton<BusThreads>();
        foreach (var name in options.Sensor.Keys.Order(StringComparer.Ordinal))
        {
            var sensor = options.Sensor[name];
            services.AddSingleton<ICollector>(p => new SensorCollector(
                name,
                sensor,
                SensorFactory.Create(sensor, p.GetRequiredService<KernelRoot>()),
                p.GetRequiredService<BusThreads>(),
                options.Sensor.Values.Count(other => other.Kind == sensor.Kind),
                p.GetRequiredService<IEventSink>(),
                p.GetRequiredService<TimeProvider>()));
        }

        return services;
    }
}
