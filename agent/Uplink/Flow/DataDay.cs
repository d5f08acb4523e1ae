namespace Messaging.Agent.Uplink.Flow;

/// <summary>
/// The bytes of one day, and which day that is. Days are those of UTC, by a clock that is not known to be wrong. While there is none the day that
/// was counted last goes on, for 24 hours at most. Pure; not thread-safe.
/// </summary>
internal sealed class DataDay
{
    public static readonly TimeSpan Length = TimeSpan.FromDays(1);
    private TimeSpan _began;
    private long _undated;

    public DataDay(long? number, long used, TimeSpan now)
    {
        Number = number;
        Used = used;
        _began = now;
    }

    /// <summary>Days since 1970-01-01; null before any was known.</summary>
    public long? Number { get; private set; }

    public long Used { get; private set; }

    public void Add(long bytes)
    {
        Used += bytes;
        _undated += bytes;
    }

    /// <summary>Looks at the clocks.</summary>
    /// <param name="wall">The time of day; null when it is not known.</param>
    /// <param name="now">A clock that only goes forward.</param>
    /// <returns>True when another day has begun, of which nothing but what was counted without a date is used.</returns>
    public bool Turn(DateTimeOffset? wall, TimeSpan now)
    {
        if (wall is not { } time)
        {
            return now - _began >= Length && Begin(Number, 0, now);
        }

        var day = time.ToUnixTimeMilliseconds() / (long)Length.TotalMilliseconds;
        var undated = _undated;
        _undated = 0;
        if (Number is { } known && day > known)
        {
            return Begin(day, undated, now);
        }

        // First known now; or noted under a clock that was days ahead. What was used is kept: it may have been used today.
        if (Number is null || day < Number - 1)
        {
            Number = day;
            _began = now;
        }

        return false;
    }

    /// <summary>How much of the day has passed, 0 to 1.</summary>
    public double Passed(DateTimeOffset? wall, TimeSpan now) =>
        Math.Clamp((wall is { } time ? time.TimeOfDay : now - _began) / Length, 0, 1);

    /// <summary>How long the day goes on.</summary>
    public TimeSpan Left(DateTimeOffset? wall, TimeSpan now) => Length * (1 - Passed(wall, now));

    private bool Begin(long? day, long used, TimeSpan now)
    {
        (Number, Used, _began, _undated) = (day, used, now, 0);
        return true;
    }
}
