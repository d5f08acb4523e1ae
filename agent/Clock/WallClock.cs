using Messaging.Agent.Configuration;

namespace Messaging.Agent.Clock;

/// <summary>This machine's wall clock, as far as it is believed. Thread-safe.</summary>
internal sealed class WallClock(TimeProvider time, IBootClock boot, TrustedClock trusted, IClockDiscipline discipline, AgentOptions options)
{
    /// <summary>Unix milliseconds; null while the clock is not believed.</summary>
    public long? UnixMs => Read() is { State: WallState.Believed } reading ? reading.UnixMs : null;

    public WallReading Read()
    {
        var wall = time.GetUtcNow().ToUnixTimeMilliseconds();
        var uptime = (long)boot.UptimeMs;
        return new WallReading(
            wall,
            uptime,
            WallJudge.Judge(wall, uptime, trusted.LowerBoundUnixMs, trusted.Beacon, options.Clock.Believe, () => discipline.IsSynchronised));
    }
}
