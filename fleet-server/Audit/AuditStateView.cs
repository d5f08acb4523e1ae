namespace Messaging.FleetServer.Audit;

/// <summary>How the log stands, as the API shows it.</summary>
/// <param name="LogId">The current log; null before its first entry.</param>
/// <param name="Number">Its last entry.</param>
/// <param name="Hash">The hash of it, hex.</param>
/// <param name="BeganBecause">How the log began: first, damaged, restored, rewritten or server-renewed; null when its beginning is no longer kept.</param>
/// <param name="OldestNumber">The oldest entry of it that is kept.</param>
/// <param name="VerifiedThrough">Up to which entry all of it was verified; null when that has not ended yet.</param>
/// <param name="Checkpoint">The newest one; null before the first.</param>
/// <param name="Witnesses">How many devices have said what they have seen of this log.</param>
/// <param name="WitnessedThrough">The highest entry that a device has seen.</param>
/// <param name="Logs">How many logs are kept, this one included.</param>
/// <param name="OpenFindings">How many findings nobody has acknowledged.</param>
internal sealed record AuditStateView(
    string? LogId,
    long Number,
    string? Hash,
    string? BeganBecause,
    long? OldestNumber,
    long? VerifiedThrough,
    DateTimeOffset? VerifiedAt,
    CheckpointView? Checkpoint,
    int Witnesses,
    long? WitnessedThrough,
    int Logs,
    int OpenFindings);
