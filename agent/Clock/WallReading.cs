namespace Messaging.Agent.Clock;

/// <param name="UnixMs">What the clock says.</param>
/// <param name="UptimeMs">The uptime at that moment.</param>
/// <param name="State">What is held of it.</param>
internal readonly record struct WallReading(long UnixMs, long UptimeMs, WallState State);
