using System.Runtime.InteropServices;
using Messaging.FleetServer.Ingest;
using Messaging.FleetServer.Relaying;
using Messaging.FleetServer.Trust;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Messaging.FleetServer.Hosting;

internal static class SystemEndpoints
{
    public static void MapSystem(this IEndpointRouteBuilder api)
    {
        api.MapGet("/relay", Relay).WithTags("System").WithSummary("The link to the relay and the relay's counters.").Produces<RelayView>();
        api.MapGet("/system", System).WithTags("System").WithSummary("Versions, keys' fingerprints, state, counters.").Produces<SystemView>();
    }

    private static Ok<RelayView> Relay(IRelayStatus relay) => TypedResults.Ok(RelayView.Of(relay.Current));

    private static Ok<SystemView> System(
        FleetServerOptions options, ITrustService trust, IRelayStatus relay, IIngestStatus ingest, ServerClock clock) =>
        TypedResults.Ok(new SystemView(
            ServerVersion.Text,
            RuntimeInformation.FrameworkDescription,
            RuntimeInformation.OSDescription,
            clock.Now,
            clock.StartedAt,
            [.. Enum.GetValues<FleetRoles>().Where(role => role is FleetRoles.Relay or FleetRoles.Control or FleetRoles.Dashboard && options.Has(role))
                .Select(static role => role.ToString().ToLowerInvariant())],
            trust.FleetFingerprint,
            trust.ControlFingerprint,
            trust.ServerId,
            trust.RootVersion,
            trust.RosterVersion,
            trust.HoldsRoot,
            relay.Current.State.ToString().ToLowerInvariant(),
            ingest.Current));
}
