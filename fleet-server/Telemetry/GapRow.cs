using Messaging.Wire;

namespace Messaging.FleetServer.Telemetry;

/// <summary>Sequence numbers of which the content will never come.</summary>
/// <param name="RecordedAt">Unix milliseconds.</param>
internal sealed record GapRow(
    PrincipalId Device, EpochId EpochId, uint StreamId, ulong FromSeq, ulong ToSeq, string Reason, long RecordedAt);
