using Messaging.Agent.Identity;
using Messaging.Agent.Trust;
using Messaging.Agent.Uplink;
using Messaging.Time;

namespace Messaging.Agent.Clock;

/// <summary>Takes time beacons as control hands them over; what is refused changes nothing and is counted.</summary>
internal sealed class BeaconReceiver(DeviceMembership membership, FleetTrustStore fleet, IBootClock boot, TrustedClock trusted, SecurityLog security)
{
    private readonly Lock _gate = new();
    private readonly BeaconJudge _judge = new();

    public void Receive(ReadOnlySpan<byte> bytes)
    {
        var uptime = (long)boot.UptimeMs;
        if (!TimeBeacon.TryParse(bytes, out var beacon))
        {
            security.Count("beacon-malformed");
            return;
        }

        lock (_gate)
        {
            var situation = new BeaconSituation(
                membership.DeviceId, boot.BootId, uptime, fleet.Current.Roster, trusted.RootUnixMs, TrustedClock.LatestUnixMs, trusted.Beacon);
            if (_judge.Judge(beacon, situation, out var signer) is { } reason)
            {
                security.Count(reason);
                return;
            }

            trusted.Take(signer, new BeaconSeen(beacon.Content.UnixMs, beacon.Content.EchoedUptimeMs, uptime));
        }
    }
}
