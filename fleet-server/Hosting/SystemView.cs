using Messaging.FleetServer.Ingest;

namespace Messaging.FleetServer.Hosting;

/// <summary>The server at one moment.</summary>
/// <param name="FleetFingerprint">SHA-256 of the fleet's newest root: what enrolment tokens carry.</param>
/// <param name="ControlFingerprint">SHA-256 of the server's identity key: what a relay of its own is started with.</param>
/// <param name="HoldsRoot">The server has the fleet's root key: nobody has taken the fleet over yet.</param>
/// <param name="Relay">State of the link to the relay; more under /api/v1/relay.</param>
internal sealed record SystemView(
    string Version,
    string Runtime,
    string OperatingSystem,
    DateTimeOffset Time,
    DateTimeOffset StartedAt,
    IReadOnlyList<string> Roles,
    string FleetFingerprint,
    string ControlFingerprint,
    string ServerId,
    ulong RootVersion,
    ulong RosterVersion,
    bool HoldsRoot,
    string Relay,
    IngestSnapshot Ingest);
