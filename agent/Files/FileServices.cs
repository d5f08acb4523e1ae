using Messaging.Agent.Configuration;
using Messaging.Agent.Hosting;
using Messaging.Agent.Status;
using Microsoft.Extensions.DependencyInjection;

namespace Messaging.Agent.Files;

internal static class FileServices
{
    /// <summary>Adds what brings files to the server; the folder of the programs where configuration wants it.</summary>
    public static IServiceCollection AddFiles(this IServiceCollection services, AgentOptions options)
    {
        services
            .AddSingleton<FileReceipts>()
            .AddSingleton<ISources, PhysicalSources>()
            .AddSingleton<FileSealer>()
            .AddSingleton<FileCourier>()
            .AddSingleton<IStatusPart>(p => p.GetRequiredService<FileCourier>())
            .AddSingleton(p => new Producer(p.GetRequiredService<FileCourier>().RunAsync));
        if (options.Files.Enabled == "yes" && options.Local.Drop.Length > 0)
        {
            var folder = new FileFolder(options.Local.Drop);
            services
                .AddSingleton(folder)
                .AddSingleton(p => new FileQueue(p.GetRequiredService<AgentState>().Disk, p.GetRequiredService<ISources>(), folder.Queue, folder.Rejected) { MaxBytes = options.Files.MaxBytes })
                .AddSingleton<FileInbox>()
                .AddSingleton<IFileOrigin>(p => p.GetRequiredService<FileInbox>());
        }

        return services;
    }
}
