namespace Messaging.FleetServer.Events;

/// <summary>New points of one series, oldest first.</summary>
/// <param name="AttributesJson">A JSON object with sorted keys, "{}" when there are none.</param>
internal sealed record StoredSeries(
    long SeriesId, string Name, string Unit, int Kind, string AttributesJson, IReadOnlyList<StoredPoint> Points);
