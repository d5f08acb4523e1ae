namespace Messaging.Cli.Tests.Support;

/// <summary>A clock on which nobody waits: what is due later is due now, and the clock says so.</summary>
internal sealed class FastTime(DateTimeOffset start) : TimeProvider
{
    private long _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => start.AddTicks(GetTimestamp());

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Interlocked.Add(ref _ticks, Math.Max(0, dueTime.Ticks));
        return System.CreateTimer(callback, state, dueTime >= TimeSpan.Zero ? TimeSpan.Zero : dueTime, period);
    }
}
