namespace Messaging.Agent.Collect.Scheduling;

/// <summary>How a collector does. Immutable; replaced after each collection.</summary>
internal sealed record CollectorHealth(
    CollectorState State,
    string? Problem,
    DateTimeOffset? LastAt,
    TimeSpan? LastDuration,
    long Samples,
    long Failures)
{
    public static CollectorHealth Initial { get; } = new(CollectorState.Waiting, null, null, null, 0, 0);

    public CollectorHealth Succeeded(DateTimeOffset at, TimeSpan duration, int samples) =>
        new(CollectorState.Ok, null, at, duration, Samples + samples, Failures);

    public CollectorHealth Unsuccessful(CollectorState state, string problem) =>
        this with { State = state, Problem = problem, Failures = state == CollectorState.Unavailable ? Failures : Failures + 1 };
}
