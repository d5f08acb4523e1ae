using Messaging.FleetServer.Events;

namespace Messaging.FleetServer.Live;

/// <summary>Points that were just stored.</summary>
internal sealed record LiveMetricsView(string DeviceId, IReadOnlyList<LiveSeriesView> Series)
{
    public static LiveMetricsView Of(PointsStored stored) => new(stored.DeviceId, [.. stored.Series.Select(LiveSeriesView.Of)]);
}
