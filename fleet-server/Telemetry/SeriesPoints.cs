using Messaging.FleetServer.Clocks;
using Messaging.Wire;

namespace Messaging.FleetServer.Telemetry;

/// <summary>Points of one series to be stored.</summary>
internal sealed record SeriesPoints(
    PrincipalId Device, string Name, string Unit, int Kind, string AttributesJson, IReadOnlyList<Events.StoredPoint> Points)
{
    /// <summary>How the points are dated; those that are unplaced have milliseconds since the boot for times.</summary>
    public TimeQuality Quality { get; init; }

    /// <summary>The boot, unless the device's clock dates the points.</summary>
    public BootTimeline? Boot { get; init; }

    /// <summary>Set when the group is written; 0 when the device has too many series and the points were not stored.</summary>
    public long SeriesId { get; set; }
}
