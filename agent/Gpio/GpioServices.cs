using Messaging.Agent.Collect;
using Messaging.Agent.Commands;
using Messaging.Agent.Configuration;
using Messaging.Agent.Disk;
using Messaging.Agent.Gpio.Lines;
using Messaging.Agent.Gpio.Outputs;
using Messaging.Agent.Hosting;
using Messaging.Agent.Status;
using Microsoft.Extensions.DependencyInjection;

namespace Messaging.Agent.Gpio;

internal static class GpioServices
{
    /// <summary>Adds the declared GPIO lines and PWM outputs, and the commands for them.</summary>
    public static IServiceCollection AddGpio(this IServiceCollection services, AgentOptions options)
    {
        services
            .AddSingleton<IGpio, LibGpiod>()
            .AddSingleton<OutputSet>()
            .AddSingleton<ICommandHandler, GpioSetHandler>()
            .AddSingleton<ICommandHandler, PwmSetHandler>();
        return options.Gpio.Count + options.Pwm.Count == 0
            ? services
            : services
                .AddSingleton(new EdgeCounters(PhysicalDisk.Instance, options.Device.State))
                .AddSingleton<GpioCenter>()
                .AddSingleton<ICollector>(p => p.GetRequiredService<GpioCenter>())
                .AddSingleton<IStatusPart>(p => p.GetRequiredService<GpioCenter>())
                .AddSingleton(p => new Producer(p.GetRequiredService<GpioCenter>().RunAsync));
    }
}
