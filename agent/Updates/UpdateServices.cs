using Messaging.Agent.Commands;
using Messaging.Agent.Configuration;
using Messaging.Agent.Hosting;
using Messaging.Agent.Status;
using Messaging.Agent.Transport.Dialing;
using Messaging.Agent.Transport.Metering;
using Messaging.Agent.Trust;
using Messaging.Agent.Updates.Fetching;
using Messaging.Agent.Updates.Health;
using Messaging.Agent.Updates.Neighbours;
using Messaging.Agent.Updates.Root;
using Messaging.Agent.Updates.Rules;
using Messaging.Agent.Uplink.Flow;
using Messaging.Trust;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Messaging.Agent.Updates;

internal static class UpdateServices
{
    /// <summary>Adds what installs updates.</summary>
    public static IServiceCollection AddUpdates(this IServiceCollection services, AgentOptions options, AgentState state) => services
        .AddNeighbours(options.Updates, state)
        .AddSingleton(state.Updates)
        .AddSingleton(state.Shared)
        .AddSingleton(p => new Components(state.Disk, p.GetRequiredService<AgentOptions>().Updates.Installed))
        .AddSingleton<IUpdateHelper>(p => new UpdateClient(p.GetRequiredService<AgentOptions>().Updates.Helper, p.GetRequiredService<TimeProvider>()))
        .AddSingleton<UpdateClock>()
        .AddSingleton<Func<FleetTrust>>(() => state.FleetTrust.Current)
        .AddSingleton(p => new ReleaseSource(state.Updates, p.GetRequiredService<Func<FleetTrust>>(), p.GetRequiredService<UpdateClock>()))
        .AddSingleton<ContentBuilder>()
        .AddSingleton(p => Fetcher(p, state))
        .AddSingleton<IHealthWatch, HealthWatch>()
        .AddSingleton<IUpdateReports, UpdateReporter>()
        .AddSingleton<UpdateRun>()
        .AddSingleton<IStatusPart>(p => new UpdatesOnScreen(state.Updates, state.Shared, p.GetService<NeighbourServer>()))
        .AddSingleton<ICommandHandler, UpdateHandler>();

    private static UpdateFetcher Fetcher(IServiceProvider p, AgentState state)
    {
        var options = p.GetRequiredService<AgentOptions>().Updates;
        var (dialer, cost, meter) = (p.GetRequiredService<Dialer>(), p.GetRequiredService<LinkCost>(), p.GetRequiredService<DataMeter>());
        return new UpdateFetcher(
            state.Updates,
            p.GetRequiredService<ReleaseSource>(),
            p.GetRequiredService<ContentBuilder>(),
            p.GetRequiredService<Components>(),
            p.GetRequiredService<IUpdateHelper>(),
            () => TrustFetcher.Homes(state.FleetTrust.Current.Roster.Homes, state.Membership.BaseUrl).ConvertAll(static home => home + "/api/v1/repository"),
            () => Handler(dialer),
            () => cost.IsMetered && options.OnMetered == "no" ? "It waits for a link that is not metered (Updates:OnMetered)."
                : meter.IsBulkHeld ? "It waits for the next day: its bytes are used (Uplink:DailyBytes)." : null,
            options,
            p.GetRequiredService<UpdateClock>(),
            p.GetService<NeighbourSource>(),
            state.Shared);
    }

    /// <summary>Adds what asks neighbours, and what answers them, where configuration wants it.</summary>
    private static IServiceCollection AddNeighbours(this IServiceCollection services, UpdateOptions options, AgentState state)
    {
        if (options.Neighbours == "yes")
        {
            services.AddSingleton(p => new NeighbourSource(new NeighbourFinder(options, TimeProvider.System), TimeProvider.System, p.GetRequiredService<ILogger<NeighbourSource>>()));
        }

        if (options.Share == "yes")
        {
            services
                .AddSingleton(p => new NeighbourServer(p.GetRequiredService<SharedArtifacts>(), options, TimeProvider.System, p.GetRequiredService<ILogger<NeighbourServer>>()))
                .AddSingleton(p => new Producer(p.GetRequiredService<NeighbourServer>().RunAsync));
        }

        return services;
    }

    private static SocketsHttpHandler Handler(Dialer dialer)
    {
        // What comes proves itself, whoever brings it.
        var handler = dialer.CreateHandler(static (_, _) => true);
        handler.ConnectTimeout = TimeSpan.FromSeconds(30);
        return handler;
    }
}
