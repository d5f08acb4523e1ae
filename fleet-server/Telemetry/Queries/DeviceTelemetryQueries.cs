namespace Messaging.FleetServer.Telemetry.Queries;

/// <summary>Reads what the list of devices shows, for many devices on one connection.</summary>
internal sealed class DeviceTelemetryQueries(TelemetryDatabase database)
{
    public IReadOnlyDictionary<string, DeviceTelemetry> Read(IReadOnlyCollection<string> deviceIds)
    {
        var found = new Dictionary<string, DeviceTelemetry>(deviceIds.Count, StringComparer.Ordinal);
        using var connection = database.OpenReader();
        using var rejections = connection.Query(
            "SELECT side, reason, count, last FROM rejections WHERE device = $device ORDER BY side, reason", ("$device", Array.Empty<byte>()));
        using var gaps = connection.Query("SELECT count(*) FROM gaps WHERE device = $device", ("$device", Array.Empty<byte>()));
        foreach (var id in deviceIds)
        {
            var key = TelemetryReads.Key(id);
            rejections.Parameters[0].Value = key;
            gaps.Parameters[0].Value = key;
            var list = new List<StoredRejection>();
            using (var reader = rejections.ExecuteReader())
            {
                while (reader.Read())
                {
                    list.Add(new StoredRejection(reader.GetString(0), reader.GetString(1), reader.GetInt64(2), reader.GetInt64(3)));
                }
            }

            found[id] = new DeviceTelemetry(list, Convert.ToInt32(gaps.ExecuteScalar()));
        }

        return found;
    }

    /// <summary>What was refused, over all devices; the most frequent first.</summary>
    public IReadOnlyList<RejectionTotal> ReadRejections()
    {
        using var connection = database.OpenReader();
        // With max() as the only aggregate of its kind, SQLite takes the bare column from the row that has the maximum.
        using var command = connection.Query(
            """
            SELECT side, reason, sum(count) AS total, count(*), max(last), device FROM rejections
            GROUP BY side, reason ORDER BY total DESC, side, reason
            """);
        using var reader = command.ExecuteReader();
        var totals = new List<RejectionTotal>();
        while (reader.Read())
        {
            totals.Add(new RejectionTotal(
                reader.GetString(0), reader.GetString(1), reader.GetInt64(2), reader.GetInt32(3), reader.GetInt64(4),
                Convert.ToHexStringLower(reader.GetFieldValue<byte[]>(5))));
        }

        return totals;
    }

    /// <summary>The newest value of each series without attributes.</summary>
    public IReadOnlyDictionary<string, double> ReadLatest(string deviceId)
    {
        using var connection = database.OpenReader();
        using var command = connection.Query(
            """
            SELECT s.name, p.v FROM series s JOIN points p ON p.series = s.id
            WHERE s.device = $device AND s.attributes = '{}' AND p.t = (SELECT max(t) FROM points WHERE series = s.id)
            """,
            ("$device", TelemetryReads.Key(deviceId)));
        using var reader = command.ExecuteReader();
        var latest = new Dictionary<string, double>(StringComparer.Ordinal);
        while (reader.Read())
        {
            latest[reader.GetString(0)] = reader.GetDouble(1);
        }

        return latest;
    }
}
