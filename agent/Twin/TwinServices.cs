using Messaging.Agent.Commands;
using Messaging.Agent.Hosting;
using Messaging.Agent.Status;
using Microsoft.Extensions.DependencyInjection;

namespace Messaging.Agent.Twin;

internal static class TwinServices
{
    /// <summary>Adds what keeps the device as the fleet wants it.</summary>
    public static IServiceCollection AddTwin(this IServiceCollection services, TwinStore store) => services
        .AddSingleton(store)
        .AddSingleton<AppValues>()
        .AddSingleton(p => new AgentRestart(p.GetService<AgentLife>(), store, p.GetRequiredService<CommandJournal>()))
        .AddSingleton<ITwinSubject, SettingSubject>()
        .AddSingleton<ITwinSubject, FileSubject>()
        .AddSingleton<ITwinSubject, UnitSubject>()
        .AddSingleton<ITwinSubject, AppSubject>()
        .AddSingleton<TwinReporter>()
        .AddSingleton<TwinKeeper>()
        .AddSingleton<ICommandHandler, DesiredSetHandler>()
        .AddSingleton<IStatusPart>(p => p.GetRequiredService<TwinKeeper>())
        .AddSingleton(p => new Producer(p.GetRequiredService<TwinKeeper>().RunAsync));
}
