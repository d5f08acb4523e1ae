namespace Messaging.Outage.Tests.Harness;

/// <summary>Real time that jumps ahead when it is told to. Timers are real: what waits for a jump has to ask again.</summary>
internal sealed class LapseTime(DateTimeOffset start) : TimeProvider
{
    private readonly long _began = System.GetTimestamp();
    private long _lapsedTicks;

    public override long TimestampFrequency => System.TimestampFrequency;

    public TimeSpan Lapsed => TimeSpan.FromTicks(Interlocked.Read(ref _lapsedTicks));

    public void Lapse(TimeSpan time) => Interlocked.Add(ref _lapsedTicks, time.Ticks);

    public override DateTimeOffset GetUtcNow() => start + System.GetElapsedTime(_began) + Lapsed;

    public override long GetTimestamp() => System.GetTimestamp() + (long)(Lapsed.TotalSeconds * TimestampFrequency);
}
