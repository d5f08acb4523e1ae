using Messaging.Rosters;
using Messaging.Time;
using Messaging.Wire;

namespace Messaging.Agent.Clock;

/// <summary>What a beacon is judged against, at one moment.</summary>
/// <param name="DeviceId">This device.</param>
/// <param name="BootId">This boot.</param>
/// <param name="UptimeMs">Since this boot, in milliseconds.</param>
/// <param name="Roster">Who may sign beacons.</param>
/// <param name="RootUnixMs">The true time is this or later, by what the root has signed.</param>
/// <param name="LatestUnixMs">A later time is a mistake.</param>
/// <param name="Last">The newest beacon of this boot.</param>
internal sealed record BeaconSituation(
    PrincipalId DeviceId, BootId BootId, long UptimeMs, RosterContent Roster, long RootUnixMs, long LatestUnixMs, BeaconSeen? Last);
