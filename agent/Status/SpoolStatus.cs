namespace Messaging.Agent.Status;

/// <param name="Bytes">On disk now.</param>
/// <param name="MaxBytes">The quota.</param>
/// <param name="UnackedRecords">Stored here and not yet confirmed by the server.</param>
/// <param name="OldestUnackedAt">When the oldest of them was written.</param>
/// <param name="DroppedRecords">Dropped by the quota since the agent started.</param>
internal sealed record SpoolStatus(long Bytes, long MaxBytes, long UnackedRecords, DateTimeOffset? OldestUnackedAt, long DroppedRecords);
