using Messaging.Agent.Configuration;
using Messaging.Agent.Hosting;
using Messaging.Agent.Status;
using Microsoft.Extensions.DependencyInjection;

namespace Messaging.Agent.Files;

internal static class FileServices
{
    /// <summary>Adds what takes the server's receipts; the folder and what brings files to the server where configuration wants them.</summary>
    public static IServiceCollection AddFiles(this IServiceCollection services, AgentOptions options)
    {
        services.AddSingleton<FileReceipts>();
        if (options.Files.Enabled == "yes" && options.Local.Drop.Length > 0)
        {
            services
                .AddSingleton(new FileFolder(options.Local.Drop))
                .AddSingleton<ISources, PhysicalSources>()
                .AddSingleton(p => new FileQueue(p.GetRequiredService<AgentState>().Disk, p.GetRequiredService<ISources>(), p.GetRequiredService<FileFolder>()))
                .AddSingleton<FileInbox>()
                .AddSingleton<FileSealer>()
                .AddSingleton<FileCourier>()
                .AddSingleton<IStatusPart>(p => p.GetRequiredService<FileCourier>())
                .AddSingleton(p => new Producer(p.GetRequiredService<FileCourier>().RunAsync));
        }

        return services;
    }
}
