namespace Messaging.Agent.Collect.Scheduling;

/// <summary>
/// Stamps samples with the machine's monotonic time, which no clock change bends, and with the wall clock where that is credible.
/// </summary>
internal sealed class SampleClock(TimeProvider time)
{
    /// <summary>A wall clock before this is one that was never set (2025-01-01).</summary>
    private const long CredibleUnixMs = 1_735_689_600_000;

    /// <summary>Milliseconds of the monotonic clock; on Linux since boot, without time asleep.</summary>
    public long MonotonicMs => (long)time.GetElapsedTime(0, time.GetTimestamp()).TotalMilliseconds;

    /// <summary>Milliseconds since 1970, or null when the clock cannot have been set.</summary>
    public long? WallMs => time.GetUtcNow().ToUnixTimeMilliseconds() is var now and >= CredibleUnixMs ? now : null;
}
