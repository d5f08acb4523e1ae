using Messaging.Agent.Clock;
using Messaging.Agent.Updates.State;

namespace Messaging.Agent.Updates;

/// <summary>
/// The time, for updates: that of the day for what expires is the believed wall clock, else the lower bound that the fleet has signed; deadlines are held against
/// the time for which the agent has run, so that a wrong clock neither ends an update nor keeps it for ever, and against the fleet's word where it is there.
/// </summary>
internal sealed class UpdateClock(TimeProvider time, WallClock wall, TrustedClock trusted) : TimeProvider
{
    private long _began = time.GetTimestamp();

    /// <summary>The time of day that the fleet has signed for this boot; null: it has not.</summary>
    public long? SignedUnixMs => trusted.BeaconUnixMs;

    /// <summary>The time of day for windows; null: it is not known.</summary>
    public long? NowUnixMs => wall.UnixMs ?? trusted.BeaconUnixMs;

    public override long TimestampFrequency => time.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(wall.UnixMs ?? trusted.LowerBoundUnixMs);

    public override long GetTimestamp() => time.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => time.CreateTimer(callback, state, dueTime, period);

    /// <summary>What was spent since the last time goes to the record.</summary>
    public void Spend(UpdateRecord record)
    {
        var now = time.GetTimestamp();
        record.SpentMs += (long)time.GetElapsedTime(_began, now).TotalMilliseconds;
        _began = now;
    }

    /// <summary>It begins to count for another one.</summary>
    public void Begin() => _began = time.GetTimestamp();

    /// <summary>How much of its time is left; not above 0: it is over.</summary>
    public TimeSpan Left(UpdateRecord record)
    {
        Spend(record);
        var left = (record.Assignment.Seconds * 1000L) - record.SpentMs;
        if (record.TakenUnixMs is { } taken && SignedUnixMs is { } now)
        {
            left = Math.Min(left, taken + (record.Assignment.Seconds * 1000L) - now);
        }

        return TimeSpan.FromMilliseconds(left);
    }
}
