using Messaging.FleetServer.Api;
using Messaging.FleetServer.Clocks;
using Messaging.FleetServer.Devices;
using Messaging.FleetServer.Events;

namespace Messaging.FleetServer.Telemetry.Queries;

internal static class MetricEndpoints
{
    private const long Hour = 3_600_000;
    private const int MaxName = 256;
    private const int MaxAttributes = 16;

    /// <summary>Stored points that one chart is made of: about half a day of ten series at one a second.</summary>
    private const int MaxRead = 500_000;

    public static void MapMetrics(this IEndpointRouteBuilder api)
    {
        api.MapGet("/devices/{id}/metrics/names", Names).WithTags("Metrics").WithSummary("What a device measures.")
            .Produces<ItemList<MetricNameView>>();
        api.MapGet("/devices/{id}/metrics", Points).WithTags("Metrics")
            .WithSummary("Points as they were measured. from and to: RFC 3339 or Unix milliseconds, the last hour by default.")
            .WithDescription("Where the metric has a series without attributes, its total, this is the one. all=true gives every series, "
                + "attribute=key=value (may be repeated) those that have all of these.")
            .Produces<PointsView>();
        api.MapGet("/devices/{id}/metrics/series", Series).WithTags("Metrics")
            .WithSummary("Points by column for charts, thinned out to maxPoints a series; null marks a gap in collection.").Produces<SeriesListView>();
    }

    private static IResult Names(string id, IDeviceRegistry registry, MetricQueries queries)
    {
        if (registry.Find(id) is null)
        {
            return Problems.DeviceNotFound;
        }

        var items = queries.ListSeries(id, name: null)
            .GroupBy(static series => series.Name, StringComparer.Ordinal)
            .Select(static group => new MetricNameView(
                group.Key, group.First().Unit, group.First().KindWord, [.. group.Select(static series => new RawJson(series.AttributesJson))]));
        return TypedResults.Ok(new ItemList<MetricNameView>([.. items]));
    }

    private static IResult Points(
        string id,
        string? name,
        string? from,
        string? to,
        string? limit,
        string? all,
        string[]? attribute,
        IDeviceRegistry registry,
        MetricQueries queries,
        TimeProvider time)
    {
        var validation = new ApiValidation();
        var metric = validation.Text(name, "name", MaxName);
        var choice = new SeriesChoice(validation.Boolean(all, "all") ?? false, Attributes(validation, attribute ?? []));
        var (start, end) = Range(validation, from, to, time);
        var count = validation.Limit(limit, defaultValue: 10_000, max: 100_000);
        if (validation.Failed)
        {
            return validation.Problem;
        }

        if (registry.Find(id) is null)
        {
            return Problems.DeviceNotFound;
        }

        var (series, points, truncated) = queries.ReadPoints(id, metric, choice, start, end, count);
        return TypedResults.Ok(new PointsView(
            metric,
            series.Count > 0 ? series[0].Unit : "",
            [.. points.Select(static point => new PointView(
                DateTimeOffset.FromUnixTimeMilliseconds(point.Point.Time),
                double.IsFinite(point.Point.Value) ? point.Point.Value : null,
                new RawJson(point.Series.AttributesJson),
                point.Point.Quality.Word()))],
            truncated));
    }

    private static IResult Series(
        string id,
        string? name,
        string? from,
        string? to,
        string? maxPoints,
        string? aggregate,
        IDeviceRegistry registry,
        MetricQueries queries,
        TimeProvider time)
    {
        var validation = new ApiValidation();
        var metric = validation.Text(name, "name", MaxName);
        var (start, end) = Range(validation, from, to, time);
        var count = validation.Limit(maxPoints, defaultValue: 1000, max: 10_000, "maxPoints");
        var keep = Aggregate(validation, aggregate);
        if (validation.Failed)
        {
            return validation.Problem;
        }

        if (registry.Find(id) is null)
        {
            return Problems.DeviceNotFound;
        }

        var series = queries.ListSeries(id, metric);
        var views = new List<SeriesView>(series.Count);
        var read = 0;
        foreach (var one in series)
        {
            var points = queries.ReadSeries(one.Id, start, end, MaxRead - read + 1);
            read += points.Count;
            if (read > MaxRead)
            {
                return new ApiProblem(422, "range_too_large", $"The range holds more than {MaxRead} points: ask for a shorter one.");
            }

            if (points.Count > 0)
            {
                views.Add(View(one, points, count, keep));
            }
        }

        return TypedResults.Ok(new SeriesListView(
            metric, series.Count > 0 ? series[0].Unit : "", series.Count > 0 ? series[0].KindWord : "gauge", views));
    }

    private static SeriesView View(SeriesInfo series, IReadOnlyList<StoredPoint> points, int maxPoints, SeriesAggregate aggregate)
    {
        var (times, values) = Downsampling.Reduce(points, maxPoints, aggregate);
        return new SeriesView(new RawJson(series.AttributesJson), times, values, points.Max(static point => point.Quality).Word());
    }

    private static (long From, long To) Range(ApiValidation validation, string? from, string? to, TimeProvider time)
    {
        // Points of a clock that is a little ahead of ours are "now", too.
        var end = validation.Time(to, "to") ?? time.GetUtcNow().ToUnixTimeMilliseconds() + (Hour / 60);
        var start = validation.Time(from, "from") ?? end - Hour;
        validation.Require(validation.Failed || start <= end, "from", "Must not be after to.");
        return (start, end);
    }

    private static List<KeyValuePair<string, string>> Attributes(ApiValidation validation, string[] texts)
    {
        var attributes = new List<KeyValuePair<string, string>>();
        validation.Require(texts.Length <= MaxAttributes, "attribute", $"May be given {MaxAttributes} times at most.");
        foreach (var text in texts.Take(MaxAttributes))
        {
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                attributes.Add(new(text[..equals], text[(equals + 1)..]));
            }
            else
            {
                validation.Add("attribute", "Must be key=value.");
            }
        }

        return attributes;
    }

    private static SeriesAggregate Aggregate(ApiValidation validation, string? word)
    {
        switch (word)
        {
            case null or "" or "shape":
                return SeriesAggregate.Shape;
            case "avg":
                return SeriesAggregate.Average;
            case "min":
                return SeriesAggregate.Minimum;
            case "max":
                return SeriesAggregate.Maximum;
            default:
                validation.Add("aggregate", "Must be shape, avg, min or max.");
                return default;
        }
    }
}
