using Messaging.Relay.Counters;

namespace Messaging.Relay.Limits;

/// <summary>
/// When a client that is sent away is to come back: so that those who were sent away together come at
/// <see cref="RelayOptions.ReconnectsPerSecond"/>. Each of them adds as much again at random, or none of it would help.
/// </summary>
internal sealed class ReturnTimes(RelayOptions options, ConnectionGate gate, RelayCounters counters)
{
    /// <summary>Control is about to come, or gone; nobody knows for how long.</summary>
    private static readonly TimeSpan LongestWithoutDirectory = TimeSpan.FromMinutes(1);

    /// <summary>There is no place. One becomes free when a device goes, which the relay cannot foresee.</summary>
    public TimeSpan WhenFull => options.RetryAfter;

    /// <summary>There is no directory yet: the more have asked, the later they come again.</summary>
    public TimeSpan WithoutDirectory
    {
        get
        {
            var time = Spread(counters[RelayCounter.ConnectsUnavailable]);
            return time < LongestWithoutDirectory ? time : LongestWithoutDirectory;
        }
    }

    /// <summary>The relay stops, and all its devices go at once.</summary>
    public TimeSpan WhenStopping => Spread(gate.Devices);

    private TimeSpan Spread(long clients) => TimeSpan.FromSeconds(Math.Max(1, clients / options.ReconnectsPerSecond));
}
