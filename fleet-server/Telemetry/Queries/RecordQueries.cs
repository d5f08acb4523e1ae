using Messaging.FleetServer.Clocks;
using Messaging.FleetServer.Events;
using Microsoft.Data.Sqlite;

namespace Messaging.FleetServer.Telemetry.Queries;

/// <summary>Reads logs, events and gaps.</summary>
internal sealed class RecordQueries(TelemetryDatabase database)
{
    /// <summary>Lines that one search looks at; the next page goes on where it stopped, so a rare word cannot hold the database.</summary>
    public const int MaxScanned = 100_000;

    /// <summary>
    /// Lines before an id (null: the newest), newest arrival first. Next is what to go on with; null when there is nothing older.
    /// </summary>
    /// <param name="search">Text that the body or the source must contain, in any case; null for all.</param>
    public (IReadOnlyList<StoredLog> Lines, long? Next) ReadLogs(string deviceId, int limit, long? before, string? search, int minSeverity)
    {
        using var connection = database.OpenReader();
        using var command = connection.Query(
            """
            SELECT id, t, received, severity, source, body, attributes, quality FROM logs
            WHERE device = $device AND id < $before ORDER BY id DESC LIMIT $limit
            """,
            ("$device", TelemetryReads.Key(deviceId)), ("$before", before ?? long.MaxValue), ("$limit", MaxScanned));
        using var reader = command.ExecuteReader();
        var lines = new List<StoredLog>();
        var scanned = 0;
        long? last = null;
        while (reader.Read())
        {
            scanned++;
            last = reader.GetInt64(0);
            if (reader.GetInt32(3) >= minSeverity && Matches(reader, search))
            {
                lines.Add(new StoredLog(
                    last.Value, reader.GetInt64(1), reader.GetInt64(2), reader.GetInt32(3), reader.GetString(4), reader.GetString(5), reader.GetString(6),
                    (TimeQuality)reader.GetInt32(7)));
                if (lines.Count == limit)
                {
                    return (lines, last);
                }
            }
        }

        return (lines, scanned == MaxScanned ? last : null);
    }

    /// <summary>Newest first.</summary>
    public IReadOnlyList<StoredEvent> ReadEvents(string deviceId, int limit)
    {
        using var connection = database.OpenReader();
        using var command = connection.Query(
            "SELECT id, t, received, name, severity, attributes, quality FROM events WHERE device = $device ORDER BY id DESC LIMIT $limit",
            ("$device", TelemetryReads.Key(deviceId)), ("$limit", limit));
        using var reader = command.ExecuteReader();
        var events = new List<StoredEvent>();
        while (reader.Read())
        {
            events.Add(new StoredEvent(
                reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetString(3), reader.GetInt32(4), reader.GetString(5), (TimeQuality)reader.GetInt32(6)));
        }

        return events;
    }

    /// <summary>Newest first.</summary>
    public IReadOnlyList<StoredGap> ReadGaps(string deviceId, int limit)
    {
        using var connection = database.OpenReader();
        using var command = connection.Query(
            "SELECT epoch_id, stream, from_seq, to_seq, reason, recorded FROM gaps WHERE device = $device ORDER BY id DESC LIMIT $limit",
            ("$device", TelemetryReads.Key(deviceId)), ("$limit", limit));
        using var reader = command.ExecuteReader();
        var gaps = new List<StoredGap>();
        while (reader.Read())
        {
            gaps.Add(new StoredGap(
                Convert.ToHexStringLower(reader.GetFieldValue<byte[]>(0)),
                reader.GetInt32(1),
                reader.GetInt64(2),
                reader.GetInt64(3),
                reader.GetString(4),
                reader.GetInt64(5)));
        }

        return gaps;
    }

    private static bool Matches(SqliteDataReader reader, string? search) =>
        search is null
        || reader.GetString(5).Contains(search, StringComparison.OrdinalIgnoreCase)
        || reader.GetString(4).Contains(search, StringComparison.OrdinalIgnoreCase);
}
