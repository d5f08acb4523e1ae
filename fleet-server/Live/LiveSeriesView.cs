using Messaging.FleetServer.Api;
using Messaging.FleetServer.Events;

namespace Messaging.FleetServer.Live;

/// <param name="Points">Pairs of Unix milliseconds and value; null stands for a number that JSON does not have.</param>
internal sealed record LiveSeriesView(string Name, string Unit, RawJson Attributes, IReadOnlyList<double?[]> Points)
{
    public static LiveSeriesView Of(StoredSeries series) => new(
        series.Name,
        series.Unit,
        new RawJson(series.AttributesJson),
        [.. series.Points.Select(static point => new double?[] { point.Time, double.IsFinite(point.Value) ? point.Value : null })]);
}
