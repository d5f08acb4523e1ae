using Messaging.Wire;

namespace Messaging.FleetServer.Telemetry;

/// <summary>Points of one series to be stored.</summary>
internal sealed record SeriesPoints(
    PrincipalId Device, string Name, string Unit, int Kind, string AttributesJson, IReadOnlyList<Events.StoredPoint> Points)
{
    /// <summary>Set when the group is written; 0 when the device has too many series and the points were not stored.</summary>
    public long SeriesId { get; set; }
}
