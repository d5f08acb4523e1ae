namespace Messaging.FleetServer.Relaying;

/// <summary>The link to the relay at one moment, and what the relay last said of itself.</summary>
/// <param name="Address">Where the relay is, for people.</param>
/// <param name="Since">When the state was entered.</param>
/// <param name="LastError">Why the last attempt or connection ended, null when none did.</param>
/// <param name="DirectoryVersion">The version of the newest directory that was sent.</param>
/// <param name="AcknowledgedVersion">The version that the relay confirmed.</param>
/// <param name="ConnectedDevices">How many devices the relay says are connected.</param>
/// <param name="Counters">The relay's own counters by name (connections, refusals by reason).</param>
/// <param name="CountersAt">When they arrived.</param>
internal sealed record RelaySnapshot(
    RelayLinkState State,
    string Address,
    DateTimeOffset Since,
    string? LastError,
    ulong DirectoryVersion,
    ulong AcknowledgedVersion,
    int ConnectedDevices,
    IReadOnlyDictionary<string, long> Counters,
    DateTimeOffset? CountersAt);
