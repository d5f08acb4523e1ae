namespace Messaging.FleetServer.Clocks;

/// <summary>Where an anchor comes from. The numbers are stored.</summary>
internal enum AnchorSource
{
    /// <summary>A beacon of ours that the device accepted: bounded on both sides by its way.</summary>
    Beacon = 0,

    /// <summary>A word of the device about its uptime that was sent a moment before it arrived: never too late, and early by its way.</summary>
    Receipt = 1,

    /// <summary>The device's own clock, which it believed.</summary>
    Device = 2,

    /// <summary>What a log of the device says of a boot before: a clock that was right or wrong.</summary>
    Log = 3,
}
