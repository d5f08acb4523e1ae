using Messaging.Wire;

namespace Messaging.Time;

/// <summary>What a time beacon says.</summary>
/// <param name="UnixMs">The time when it was signed, in Unix milliseconds.</param>
/// <param name="DeviceId">The device that it is for.</param>
/// <param name="BootId">The boot of the device that it is for.</param>
/// <param name="EchoedUptimeMs">The uptime that the device told when it asked, in milliseconds: the beacon was signed later than that.</param>
public sealed record TimeBeaconContent(long UnixMs, PrincipalId DeviceId, BootId BootId, long EchoedUptimeMs);
