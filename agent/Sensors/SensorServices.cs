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
        var perKind = options.Sensor.Values.CountBy(sensor => sensor.Kind).ToDictionary();
        foreach (var (name, sensor) in options.Sensor.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            services.AddSingleton<ICollector>(p => new SensorCollector(
                name,
                sensor,
                SensorFactory.Create(sensor, p.GetRequiredService<KernelRoot>()),
                p.GetRequiredService<BusThreads>(),
                perKind[sensor.Kind],
                p.GetRequiredService<IEventSink>(),
                p.GetRequiredService<TimeProvider>()));
        }

        return services;
    }
}
