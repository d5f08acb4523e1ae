using Messaging.Agent.Commands;
using Messaging.Agent.Configuration;
using Messaging.Agent.Hosting;
using Messaging.Agent.Updates.Fetching;
using Messaging.Agent.Updates.Health;
using Messaging.Agent.Updates.Root;
using Messaging.Agent.Updates.Rules;
using Microsoft.Extensions.DependencyInjection;

namespace Messaging.Agent.Updates;

internal static class UpdateServices
{
    /// <summary>Adds what installs updates.</summary>
    public static IServiceCollection AddUpdates(this IServiceCollection services, AgentState state) => services
        .AddSingleton(state.Updates)
        .AddSingleton(p => new Components(state.Disk, p.GetRequiredService<AgentOptions>().Updates.Installed))
        .AddSingleton<IUpdateHelper>(p => new UpdateClient(p.GetRequiredService<AgentOptions>().Updates.Helper, p.GetRequiredService<TimeProvider>()))
        .AddSingleton<UpdateClock>()
        .AddSingleton<ReleaseSource>()
        .AddSingleton<ContentBuilder>()
        .AddSingleton<UpdateFetcher>()
        .AddSingleton<HealthWatch>()
        .AddSingleton<UpdateReporter>()
        .AddSingleton<UpdateRun>()
        .AddSingleton<ICommandHandler, UpdateHandler>();
}
