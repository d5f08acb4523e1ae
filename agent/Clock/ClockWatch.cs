using System.Globalization;
using Messaging.Agent.Events;
using Messaging.Time;

namespace Messaging.Agent.Clock;

/// <summary>Tells what becomes of the time from one look at the clocks to the next. Pure but for what it saw last.</summary>
internal sealed class ClockWatch
{
    /// <summary>Slewing moves a clock by half a millisecond a second; what is more was set.</summary>
    public static readonly TimeSpan SmallestJump = TimeSpan.FromSeconds(2);

    private (TimeSource Source, WallState State, long Offset)? _last;

    public static TimeSource Source(WallReading wall, BeaconSeen? beacon) =>
        wall.State == WallState.Believed ? TimeSource.Synchronised : beacon is null ? TimeSource.LowerBound : TimeSource.Beacon;

    public static string Word(TimeSource source) => source switch
    {
        TimeSource.Synchronised => "synchronised",
        TimeSource.Beacon => "beacon",
        _ => "lower-bound",
    };

    /// <summary>What happened since the last look. The first tells nothing: nothing changed yet.</summary>
    public IEnumerable<DeviceEvent> Look(WallReading wall, BeaconSeen? beacon)
    {
        var now = (Source: Source(wall, beacon), wall.State, Offset: wall.UnixMs - wall.UptimeMs);
        var before = _last ?? now;
        _last = now;
        var moved = now.Offset - before.Offset;
        if (Math.Abs(moved) > SmallestJump.TotalMilliseconds)
        {
            yield return new DeviceEvent(ClockEvents.Jumped, DeviceEvent.Warning, [new("by.ms", Text(moved)), new("to", Date(wall.UnixMs))]);
        }

        if (now.Source != before.Source)
        {
            yield return now.Source == TimeSource.LowerBound
                ? new DeviceEvent(ClockEvents.Unknown, DeviceEvent.Warning, [new("was", Word(before.Source))])
                : new DeviceEvent(ClockEvents.Known, DeviceEvent.Info, [new("by", Word(now.Source)), new("was", Word(before.Source))]);
        }

        if (now.State != before.State && now.State is WallState.Behind or WallState.Contradicted && before.State is not (WallState.Behind or WallState.Contradicted))
        {
            yield return new DeviceEvent(
                ClockEvents.Wrong, DeviceEvent.Warning, [new("reason", now.State == WallState.Behind ? "behind" : "contradicted"), new("clock", Date(wall.UnixMs))]);
        }
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Date(long unixMs) =>
        DateTimeOffset.FromUnixTimeMilliseconds(unixMs).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
