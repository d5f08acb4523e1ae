using Messaging.Agent.Commands;
using Messaging.Agent.Configuration;
using Messaging.Agent.Hosting;
using Messaging.Agent.Status;
using Microsoft.Extensions.DependencyInjection;

namespace Messaging.Agent.Local;

internal static class LocalServices
{
    /// <summary>Adds the command for the device's own programs; their socket and their folder where configuration wants them.</summary>
    public static IServiceCollection AddLocal(this IServiceCollection services, AgentOptions options)
    {
        services.AddSingleton<AppCalls>().AddSingleton<ICommandHandler, AppHandler>().AddSingleton<LocalBatcher>();
        if (options.Local.Enabled == "yes")
        {
            services
                .AddSingleton<LocalServer>()
                .AddSingleton<IStatusPart>(p => p.GetRequiredService<LocalServer>())
                .AddSingleton(p => new Producer(p.GetRequiredService<LocalServer>().RunAsync))
                .AddSingleton(p => new Producer(p.GetRequiredService<LocalBatcher>().RunAsync));
        }

        if (options.Local.Drop.Length > 0)
        {
            services
                .AddSingleton<DropFolder>()
                .AddSingleton<IStatusPart>(p => p.GetRequiredService<DropFolder>())
                .AddSingleton(p => new Producer(p.GetRequiredService<DropFolder>().RunAsync));
        }

        return services;
    }
}
