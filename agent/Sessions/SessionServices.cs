using Messaging.Agent.Commands;
using Messaging.Agent.Configuration;
using Messaging.Agent.Files;
using Messaging.Agent.Hosting;
using Messaging.Agent.Recordings;
using Messaging.Agent.Shell;
using Messaging.Agent.Shell.Login;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Messaging.Agent.Sessions;

internal static class SessionServices
{
    /// <summary>Adds the sessions that operators open, and the commands that open them.</summary>
    public static IServiceCollection AddSessions(this IServiceCollection services, AgentState state) => services
        .AddSingleton<SessionCenter>()
        .AddSingleton(p => new LoginClient(p.GetRequiredService<AgentOptions>().Sessions.Helper, p.GetRequiredService<TimeProvider>()))
        .AddSingleton(p => new RecordingStore(
            state.Disk,
            p.GetRequiredService<ISources>(),
            state.Folder.Recordings,
            p.GetRequiredService<AgentOptions>().Sessions,
            state.Keys,
            p.GetRequiredService<FileReceipts>(),
            p.GetRequiredService<TimeProvider>(),
            p.GetRequiredService<ILogger<RecordingStore>>()))
        .AddSingleton<IFileOrigin>(p => p.GetRequiredService<RecordingStore>())
        .AddSingleton<ICommandHandler, ShellHandler>();
}
