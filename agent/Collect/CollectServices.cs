using Messaging.Agent.Collect.Cpu;
using Messaging.Agent.Collect.Disks;
using Messaging.Agent.Collect.Kernel;
using Messaging.Agent.Collect.Load;
using Messaging.Agent.Collect.Memory;
using Messaging.Agent.Collect.Network;
using Messaging.Agent.Collect.Processes;
using Messaging.Agent.Collect.Scheduling;
using Messaging.Agent.Collect.Thermal;
using Messaging.Agent.Collect.Units;
using Messaging.Agent.Configuration;
using Messaging.Agent.Sensors.Kernel;
using Messaging.Agent.Status;
using Microsoft.Extensions.DependencyInjection;

namespace Messaging.Agent.Collect;

internal static class CollectServices
{
    /// <summary>
    /// Adds the built-in collectors, <see cref="MetricAccumulator"/>, <see cref="CollectScheduler"/> and <see cref="ICollectControl"/>.
    /// Needs <see cref="AgentOptions"/>, <see cref="TimeProvider"/>, <see cref="Events.IEventSink"/> and <see cref="Systemd.ISystemd"/>.
    /// </summary>
    public static IServiceCollection AddCollect(this IServiceCollection services) => services
        .AddSingleton(p => new KernelRoot(Options(p).Collect.Proc, Options(p).Collect.Sys))
        .AddSingleton(p => new MetricAccumulator(Options(p).Collect.MaxSeries))
        .AddSingleton<ICollector, CpuCollector>()
        .AddSingleton<ICollector, MemoryCollector>()
        .AddSingleton<ICollector, PagingCollector>()
        .AddSingleton<ICollector, FilesystemCollector>()
        .AddSingleton<ICollector, DiskCollector>()
        .AddSingleton<ICollector, NetworkCollector>()
        .AddSingleton<ICollector, LoadCollector>()
        .AddSingleton<ICollector, UptimeCollector>()
        .AddSingleton<ICollector, TemperatureCollector>()
        .AddSingleton<ICollector, HwmonCollector>()
        .AddSingleton<ICollector, UnitCollector>()
        .AddSingleton<ICollector>(p => new ProcessCollector(
            p.GetRequiredService<KernelRoot>(), p.GetRequiredService<TimeProvider>(), Options(p).Collect.Processes))
        .AddSingleton<CollectScheduler>()
        .AddSingleton<ICollectControl>(p => p.GetRequiredService<CollectScheduler>())
        .AddSingleton<IStatusPart>(p => p.GetRequiredService<CollectScheduler>());

    private static AgentOptions Options(IServiceProvider provider) => provider.GetRequiredService<AgentOptions>();
}
