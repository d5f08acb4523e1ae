namespace Messaging.Agent.Spool;

/// <summary>The spool at one moment.</summary>
/// <param name="Bytes">On disk.</param>
/// <param name="MaxBytes">The quota.</param>
/// <param name="UnackedRecords">Here, and not confirmed by the server.</param>
/// <param name="OldestUnackedAt">Since when there has been such a record; of those found at the start, when their segment was begun.</param>
/// <param name="EvictedRecords">Dropped by the quota since the process started.</param>
/// <param name="OutstandingGaps">Lost ranges that the server has not yet confirmed to know.</param>
/// <param name="Failure">Why the disk refuses writes now; null when it takes them.</param>
/// <param name="FailedSince">Since when.</param>
internal sealed record SpoolCounts(
    long Bytes,
    long MaxBytes,
    long UnackedRecords,
    DateTimeOffset? OldestUnackedAt,
    long EvictedRecords,
    int OutstandingGaps,
    string? Failure,
    DateTimeOffset? FailedSince);
