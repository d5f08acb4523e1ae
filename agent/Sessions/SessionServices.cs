using Messaging.Agent.Commands;
using Messaging.Agent.Configuration;
using Messaging.Agent.Shell;
using Messaging.Agent.Shell.Login;
using Microsoft.Extensions.DependencyInjection;

namespace Messaging.Agent.Sessions;

internal static class SessionServices
{
    /// <summary>Adds the sessions that operators open, and the commands that open them.</summary>
    public static IServiceCollection AddSessions(this IServiceCollection services) => services
        .AddSingleton<SessionCenter>()
        .AddSingleton(p => new LoginClient(p.GetRequiredService<AgentOptions>().Sessions.Helper, p.GetRequiredService<TimeProvider>()))
        .AddSingleton<ICommandHandler, ShellHandler>();
}
