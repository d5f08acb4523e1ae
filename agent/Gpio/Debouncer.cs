namespace Messaging.Agent.Gpio;

/// <summary>
/// Tells changes from bouncing: a level counts when it has stayed for the time. Pure; time is that of a clock which never goes back.
/// </summary>
internal sealed class Debouncer(TimeSpan time, bool level)
{
    /// <summary>When to ask <see cref="Settle"/>; null while nothing is on its way.</summary>
    public TimeSpan? Due { get; private set; }

    /// <summary>The level that counts.</summary>
    public bool Level { get; private set; } = level;

    /// <summary>The line changed.</summary>
    /// <returns>Whether <see cref="Level"/> changed with it.</returns>
    public bool Change(bool seen, TimeSpan now)
    {
        if (time > TimeSpan.Zero)
        {
            // Each bounce begins the wait anew; back at the level that counts there is nothing to wait for.
            Due = seen == Level ? null : now + time;
            return false;
        }

        var isNew = seen != Level;
        Level = seen;
        return isNew;
    }

    /// <param name="now">The time.</param>
    /// <param name="seen">The level that the line has now.</param>
    /// <returns>Whether <see cref="Level"/> changed.</returns>
    public bool Settle(TimeSpan now, bool seen)
    {
        if (Due is not { } due || now < due)
        {
            return false;
        }

        Due = null;
        var isNew = seen != Level;
        Level = seen;
        return isNew;
    }
}
