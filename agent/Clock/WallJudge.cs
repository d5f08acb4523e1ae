using Messaging.Agent.Configuration;
using Messaging.Time;

namespace Messaging.Agent.Clock;

/// <summary>Decides whether the wall clock may be believed. Pure.</summary>
internal static class WallJudge
{
    /// <summary>How far a wall clock may be from the beacon of this boot.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    /// <param name="wallUnixMs">What the clock says.</param>
    /// <param name="uptimeMs">The uptime at the same moment.</param>
    /// <param name="lowerBoundUnixMs">The true time is this or later.</param>
    /// <param name="beacon">The newest of this boot.</param>
    /// <param name="believe">One of <see cref="ClockOptions.Beliefs"/>.</param>
    /// <param name="isSynchronised">What the kernel says.</param>
    public static WallState Judge(
        long wallUnixMs, long uptimeMs, long lowerBoundUnixMs, BeaconSeen? beacon, string believe, Func<bool> isSynchronised)
    {
        if (believe == ClockOptions.Never)
        {
            return WallState.Distrusted;
        }

        // The beacon decides both ways, and more mildly than the lower bound that rests on it: clocks differ by a little.
        if (beacon is { } seen)
        {
            var expected = seen.UnixMs + (uptimeMs - seen.ReceivedUptimeMs);
            var roundTrip = seen.ReceivedUptimeMs - seen.EchoedUptimeMs;
            if (wallUnixMs < expected - Tolerance.TotalMilliseconds || wallUnixMs > expected + roundTrip + Tolerance.TotalMilliseconds)
            {
                return WallState.Contradicted;
            }
        }
        else if (wallUnixMs < lowerBoundUnixMs - Tolerance.TotalMilliseconds)
        {
            return WallState.Behind;
        }

        return believe == ClockOptions.Always || isSynchronised() ? WallState.Believed : WallState.NotSynchronised;
    }
}
