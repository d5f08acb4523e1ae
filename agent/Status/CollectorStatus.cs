namespace Messaging.Agent.Status;

/// <param name="Name">The collector.</param>
/// <param name="State"><c>ok</c>, <c>waiting</c>, <c>failing</c>, <c>hanging</c>, <c>unavailable</c> or <c>off</c>.</param>
/// <param name="IntervalMs">The interval in force.</param>
/// <param name="IntervalFrom"><c>default</c>, <c>configuration</c> or <c>command</c>.</param>
/// <param name="LastAt">When it last succeeded.</param>
/// <param name="LastDurationMs">How long that took.</param>
/// <param name="Samples">Recorded since the agent started.</param>
/// <param name="Failures">Since the agent started.</param>
/// <param name="Problem">Why it does not work.</param>
internal sealed record CollectorStatus(
    string Name,
    string State,
    long IntervalMs,
    string IntervalFrom,
    DateTimeOffset? LastAt,
    double? LastDurationMs,
    long Samples,
    long Failures,
    string? Problem);
