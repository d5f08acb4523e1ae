using Messaging.Agent.Status;

namespace Messaging.Agent.Clock;

/// <summary>Says how well the time is known, and when this machine's clock is certainly wrong.</summary>
internal sealed class ClockStatus(TrustedClock trusted, WallClock wall, IBootClock boot) : IStatusPart
{
    public void Contribute(StatusBuilder status)
    {
        var reading = wall.Read();
        var beacon = trusted.Beacon;
        var earliest = DateTimeOffset.FromUnixTimeMilliseconds(trusted.LowerBoundUnixMs);
        status.Time = new TimeStatus(
            ClockWatch.Word(ClockWatch.Source(reading, beacon)),
            Word(reading.State),
            earliest,
            beacon is { } seen ? reading.UptimeMs - seen.ReceivedUptimeMs : null,
            beacon?.ReceivedUptimeMs - beacon?.EchoedUptimeMs,
            reading.UptimeMs,
            boot.BootId.ToString());
        var says = $"This machine's clock says {StatusText.Date(DateTimeOffset.FromUnixTimeMilliseconds(reading.UnixMs))}";
        if (reading.State == WallState.Behind)
        {
            Add(status, $"{says}, but it is {StatusText.Date(earliest)} or later: by what the fleet has signed, and by when this program was built");
        }
        else if (reading.State == WallState.Contradicted)
        {
            Add(status, $"{says}, but the fleet says {StatusText.Date(earliest)}");
        }
    }

    private static void Add(StatusBuilder status, string what) => status.Problems.Add(new StatusProblem(
        "clock",
        what,
        "Let it be set by the network (systemd-timesyncd, chrony). Until then measurements go without a date, and the server dates them by this boot's uptime.",
        null));

    private static string Word(WallState state) => state switch
    {
        WallState.Believed => "believed",
        WallState.Behind => "behind",
        WallState.Contradicted => "contradicted",
        WallState.NotSynchronised => "not-synchronised",
        _ => "distrusted",
    };
}
