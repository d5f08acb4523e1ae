namespace Messaging.Cli.Updates;

/// <summary>What <c>fleetctl updates --json</c> shows.</summary>
/// <param name="Totals">Of all of them.</param>
/// <param name="Updates">Those that were asked for.</param>
internal sealed record FleetUpdates(UpdateTotalsReply Totals, IReadOnlyList<UpdateReply> Updates);
