namespace Messaging.FleetServer.Relaying;

/// <summary>The link to the relay, and what the relay says of itself.</summary>
/// <param name="State">disconnected, connecting, synchronizing (devices are still turned away) or ready.</param>
/// <param name="Counters">The relay's counters since it started: connections, refusals by reason.</param>
internal sealed record RelayView(
    string State,
    string Address,
    DateTimeOffset Since,
    string? LastError,
    ulong DirectoryVersion,
    ulong AcknowledgedVersion,
    int ConnectedDevices,
    IReadOnlyDictionary<string, long> Counters,
    DateTimeOffset? CountersAt)
{
    public static RelayView Of(RelaySnapshot relay) => new(
        relay.State.ToString().ToLowerInvariant(),
        relay.Address,
        relay.Since,
        relay.LastError,
        relay.DirectoryVersion,
        relay.AcknowledgedVersion,
        relay.ConnectedDevices,
        relay.Counters,
        relay.CountersAt);
}
