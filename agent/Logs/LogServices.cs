using Messaging.Agent.Logs.Files;
using Messaging.Agent.Logs.Journal;
using Messaging.Agent.Status;
using Microsoft.Extensions.DependencyInjection;

namespace Messaging.Agent.Logs;

internal static class LogServices
{
    /// <summary>
    /// Adds the log sources and <see cref="LogSupervisor"/>. Needs <see cref="Configuration.AgentOptions"/>, <see cref="ILogSink"/>,
    /// <see cref="ILogCheckpoints"/>, <see cref="Events.IEventSink"/> and <see cref="TimeProvider"/>.
    /// </summary>
    public static IServiceCollection AddLogs(this IServiceCollection services) => services
        .AddSingleton<FileLogSource>()
        .AddSingleton<ILogSource>(p => p.GetRequiredService<FileLogSource>())
        .AddSingleton<IStatusPart>(p => p.GetRequiredService<FileLogSource>())
        .AddSingleton<JournalLogSource>()
        .AddSingleton<ILogSource>(p => p.GetRequiredService<JournalLogSource>())
        .AddSingleton<IStatusPart>(p => p.GetRequiredService<JournalLogSource>())
        .AddSingleton<LogSupervisor>();
}
