namespace Messaging.FleetServer.Telemetry.Queries;

/// <summary>Sequence numbers of which the content will never come.</summary>
/// <param name="RecordedAt">Unix milliseconds.</param>
internal sealed record StoredGap(string EpochId, int Stream, long FromSeq, long ToSeq, string Reason, long RecordedAt);
