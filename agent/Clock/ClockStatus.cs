using System.Globalization;
using Messaging.Agent.Status;

namespace Messaging.Agent.Clock;

/// <summary>Says when this machine's clock is certainly wrong.</summary>
internal sealed class ClockStatus(TrustedClock clock, TimeProvider time) : IStatusPart
{
    public void Contribute(StatusBuilder status)
    {
        var now = time.GetUtcNow();
        if (clock.IsPlausible(now))
        {
            return;
        }

        var earliest = DateTimeOffset.FromUnixTimeMilliseconds(clock.LowerBoundUnixMs);
        status.Problems.Add(new StatusProblem(
            "clock",
            $"This machine's clock says {Date(now)}, but it is {Date(earliest)} or later: by what the fleet has signed, and by when this program was built",
            "Let it be set by the network (systemd-timesyncd, chrony). Until then measurements go without a date, and the server dates them by their arrival.",
            null));
    }

    private static string Date(DateTimeOffset time) => time.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
