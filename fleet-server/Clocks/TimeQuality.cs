namespace Messaging.FleetServer.Clocks;

/// <summary>How well the time of a point, a line or an event is known. The numbers are stored.</summary>
internal enum TimeQuality
{
    /// <summary>By the device's own clock, which it believed.</summary>
    Exact = 0,

    /// <summary>By the time since the device's boot, and what is known of when that was.</summary>
    Anchored = 1,

    /// <summary>The boot was over before anything could tell when it was: placed between its neighbours, or by what a log says.</summary>
    Estimated = 2,

    /// <summary>Not known yet; the time shown is that of arrival.</summary>
    Unplaced = 3,
}
