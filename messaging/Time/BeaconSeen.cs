namespace Messaging.Time;

/// <summary>A beacon that a device accepted: its time was that of the device's uptime somewhere from the echo to the arrival.</summary>
/// <param name="UnixMs">What the beacon says, in Unix milliseconds.</param>
/// <param name="EchoedUptimeMs">The uptime that it echoes, in milliseconds.</param>
/// <param name="ReceivedUptimeMs">The uptime when it came, in milliseconds.</param>
public readonly record struct BeaconSeen(long UnixMs, long EchoedUptimeMs, long ReceivedUptimeMs);
