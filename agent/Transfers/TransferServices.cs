using Messaging.Agent.Clock;
using Messaging.Agent.Commands;
using Messaging.Agent.Commands.Beneath;
using Messaging.Agent.Configuration;
using Messaging.Agent.Events;
using Messaging.Agent.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Messaging.Agent.Transfers;

internal static class TransferServices
{
    /// <summary>Adds the commands by which operators bring and fetch files.</summary>
    public static IServiceCollection AddTransfers(this IServiceCollection services, AgentState state) => services
        .AddSingleton<IPlaces, BeneathPlaces>()
        .AddSingleton(p => new Partials(
            state.Disk,
            state.Folder.Pushes,
            p.GetRequiredService<IPlaces>(),
            p.GetRequiredService<IBootClock>(),
            p.GetRequiredService<AgentOptions>().Sessions.KeepPartial,
            p.GetRequiredService<IEventSink>(),
            p.GetRequiredService<ILogger<Partials>>()))
        .AddSingleton(p => new Producer(p.GetRequiredService<Partials>().RunAsync))
        .AddSingleton<ICommandHandler, PushHandler>()
        .AddSingleton<ICommandHandler, PullHandler>();
}
