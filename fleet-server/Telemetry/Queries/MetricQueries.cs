using Messaging.FleetServer.Clocks;
using Messaging.FleetServer.Events;
using Microsoft.Data.Sqlite;

namespace Messaging.FleetServer.Telemetry.Queries;

/// <summary>Reads series and points.</summary>
internal sealed class MetricQueries(TelemetryDatabase database)
{
    /// <summary>Series that one answer holds; a metric has one for each disk, network interface, process.</summary>
    public const int MaxSeries = 500;

    /// <summary>All series of a device, or those of one metric, ordered by name and attributes.</summary>
    public IReadOnlyList<SeriesInfo> ListSeries(string deviceId, string? name)
    {
        using var connection = database.OpenReader();
        return ListSeries(connection, deviceId, name);
    }

    /// <summary>The newest points of a metric in a range, oldest first, at most <paramref name="limit"/>.</summary>
    public (IReadOnlyList<SeriesInfo> Series, IReadOnlyList<(SeriesInfo Series, StoredPoint Point)> Points, bool Truncated) ReadPoints(
        string deviceId, string name, SeriesChoice choice, long from, long to, int limit)
    {
        using var connection = database.OpenReader();
        using var transaction = connection.BeginTransaction(deferred: true);
        var series = choice.From(ListSeries(connection, deviceId, name));
        var points = new List<(SeriesInfo Series, StoredPoint Point)>();
        var truncated = false;
        foreach (var one in series)
        {
            using var command = connection.Query(
                "SELECT t, v, boot FROM points WHERE series = $series AND t >= $from AND t <= $to ORDER BY t DESC LIMIT $limit",
                ("$series", one.Id), ("$from", from), ("$to", to), ("$limit", limit + 1));
            using var reader = command.ExecuteReader();
            var count = 0;
            while (reader.Read())
            {
                if (++count > limit)
                {
                    truncated = true;
                    break;
                }

                points.Add((one, Point(reader)));
            }
        }

        // Within a moment by attributes; the series without any, the total, is the last.
        points.Sort(static (left, right) => left.Point.Time.CompareTo(right.Point.Time) is not 0 and var order
            ? order
            : string.CompareOrdinal(left.Series.AttributesJson, right.Series.AttributesJson));
        if (points.Count > limit)
        {
            truncated = true;
            points.RemoveRange(0, points.Count - limit);
        }

        return (series, points, truncated);
    }

    /// <summary>All points of one series in a range, oldest first.</summary>
    public IReadOnlyList<StoredPoint> ReadSeries(long seriesId, long from, long to, int maxPoints)
    {
        using var connection = database.OpenReader();
        using var command = connection.Query(
            "SELECT t, v, boot FROM points WHERE series = $series AND t >= $from AND t <= $to ORDER BY t LIMIT $limit",
            ("$series", seriesId), ("$from", from), ("$to", to), ("$limit", maxPoints));
        using var reader = command.ExecuteReader();
        var points = new List<StoredPoint>();
        while (reader.Read())
        {
            points.Add(Point(reader));
        }

        return points;
    }

    private static StoredPoint Point(SqliteDataReader reader) => new(
        reader.GetInt64(0), reader.GetDouble(1), TimeQualities.OfPoint(reader.IsDBNull(2) ? null : reader.GetInt64(2)));

    private static List<SeriesInfo> ListSeries(SqliteConnection connection, string deviceId, string? name)
    {
        using var command = connection.Query(
            """
            SELECT id, name, unit, kind, attributes FROM series
            WHERE device = $device AND ($name IS NULL OR name = $name) ORDER BY name, attributes LIMIT $limit
            """,
            ("$device", TelemetryReads.Key(deviceId)), ("$name", name), ("$limit", name is null ? 20 * MaxSeries : MaxSeries));
        using var reader = command.ExecuteReader();
        var series = new List<SeriesInfo>();
        while (reader.Read())
        {
            series.Add(new SeriesInfo(reader.GetInt64(0), reader.GetString(1), reader.GetString(2), reader.GetInt32(3), reader.GetString(4)));
        }

        return series;
    }
}
