namespace Messaging.Agent.Clock;

/// <summary>
/// A lower bound of the true time that the network cannot move: the newest of the build time, what was persisted and the times in
/// messages whose signatures were verified, plus the time that passed since. The wall clock alone never raises it. Thread-safe.
/// </summary>
internal sealed class TrustedClock(IBootClock boot)
{
    /// <summary>A signed time further ahead than this after the build is a mistake; believing it would refuse every command from then on.</summary>
    private static readonly long LatestUnixMs = BuildTime.UnixMs + (20L * 366 * 24 * 3600 * 1000);
    private readonly Lock _gate = new();
    private long _unixMs = BuildTime.UnixMs;
    private ulong _atUptimeMs = boot.UptimeMs;

    /// <summary>The true time is this or later; Unix milliseconds.</summary>
    public long LowerBoundUnixMs
    {
        get
        {
            lock (_gate)
            {
                return Now();
            }
        }
    }

    /// <summary>Whether the wall clock may be believed at all.</summary>
    public bool IsPlausible(DateTimeOffset wall) => wall.ToUnixTimeMilliseconds() >= LowerBoundUnixMs;

    /// <summary>Takes over a time from a verified message, or one that was persisted.</summary>
    public void Raise(long unixMs)
    {
        lock (_gate)
        {
            if (unixMs <= LatestUnixMs && unixMs > Now())
            {
                _unixMs = unixMs;
                _atUptimeMs = boot.UptimeMs;
            }
        }
    }

    private long Now() => _unixMs + (long)(boot.UptimeMs - _atUptimeMs);
}
