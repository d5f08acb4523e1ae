using Messaging.Rosters;
using Messaging.Time;
using Messaging.Wire;

namespace Messaging.Agent.Clock;

/// <summary>
/// Decides whether a time beacon is believed. Pure but for what it remembers of the last one that jumped. Used by one thread at a time.
/// </summary>
internal sealed class BeaconJudge
{
    /// <summary>A beacon that was longer on its way says too little about now.</summary>
    public static readonly TimeSpan LongestRoundTrip = TimeSpan.FromSeconds(60);

    /// <summary>How far a beacon may be from what the last one of this boot made expect.</summary>
    public static readonly TimeSpan LargestJump = TimeSpan.FromHours(1);

    /// <summary>A jump is believed when the time key still says so after this.</summary>
    public static readonly TimeSpan JumpPatience = TimeSpan.FromMinutes(10);

    private BeaconSeen? _jumped;

    /// <returns>Null and the signer when it is believed, else the word that its refusal is counted under.</returns>
    public string? Judge(TimeBeacon beacon, BeaconSituation now, out PrincipalId signer)
    {
        signer = default;
        var content = beacon.Content;
        if (content.DeviceId != now.DeviceId)
        {
            return "beacon-wrong-device";
        }

        if (content.BootId != now.BootId)
        {
            return "beacon-wrong-boot";
        }

        if (now.Roster.Principals.FirstOrDefault(one => one.HasRole(Roles.Time) && beacon.Verify(one.Identity)) is not { } issuer)
        {
            return "beacon-bad-signature";
        }

        signer = issuer.Id;
        if (content.EchoedUptimeMs > now.UptimeMs)
        {
            return "beacon-echo-ahead";
        }

        if (now.UptimeMs - content.EchoedUptimeMs > LongestRoundTrip.TotalMilliseconds)
        {
            return "beacon-late";
        }

        if (now.Last is { } last && content.EchoedUptimeMs <= last.EchoedUptimeMs)
        {
            return "beacon-replayed";
        }

        if (content.UnixMs < now.RootUnixMs)
        {
            return "beacon-behind";
        }

        if (content.UnixMs > now.LatestUnixMs)
        {
            return "beacon-ahead";
        }

        var seen = new BeaconSeen(content.UnixMs, content.EchoedUptimeMs, now.UptimeMs);
        if (now.Last is { } before && IsFar(before, seen) && !IsConfirmed(seen))
        {
            return "beacon-jumped";
        }

        _jumped = null;
        return null;
    }

    private static bool IsFar(BeaconSeen left, BeaconSeen right) =>
        Math.Abs(right.UnixMs - left.UnixMs - (right.ReceivedUptimeMs - left.ReceivedUptimeMs)) > LargestJump.TotalMilliseconds;

    /// <summary>The first that jumps waits for a later one that says the same.</summary>
    private bool IsConfirmed(BeaconSeen seen)
    {
        if (_jumped is { } first && !IsFar(first, seen))
        {
            return seen.EchoedUptimeMs - first.ReceivedUptimeMs >= JumpPatience.TotalMilliseconds;
        }

        _jumped = seen;
        return false;
    }
}
