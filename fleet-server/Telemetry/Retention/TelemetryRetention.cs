using Messaging.FleetServer.Telemetry.Queries;
using Microsoft.Data.Sqlite;

namespace Messaging.FleetServer.Telemetry.Retention;

/// <summary>Deletes telemetry by age, a bounded number of rows at a time, so that the writer never waits long.</summary>
internal sealed class TelemetryRetention(TelemetryDatabase database)
{
    /// <summary>Rows that one transaction deletes at most.</summary>
    public const int Batch = 5000;

    /// <summary>Deletes points measured before a time, of one series after the other. Yields the rows of each transaction.</summary>
    public IEnumerable<int> DeletePointsBefore(DateTimeOffset limit)
    {
        using var connection = database.OpenWriter();
        foreach (var series in SeriesIds(connection))
        {
            int deleted;
            do
            {
                deleted = Execute(
                    connection,
                    """
                    DELETE FROM points WHERE series = $series AND t IN
                        (SELECT t FROM points WHERE series = $series AND t < $limit ORDER BY t LIMIT $batch)
                    """,
                    limit,
                    ("$series", series));
                if (deleted > 0)
                {
                    yield return deleted;
                }
            }
            while (deleted == Batch);
        }

        // What was never placed is as old as the last word of its boot.
        foreach (var rows in Delete(
            connection,
            """
            DELETE FROM unplaced WHERE (boot, series, mono) IN (SELECT boot, series, mono FROM unplaced
                WHERE boot IN (SELECT id FROM boots WHERE last_record < $limit) LIMIT $batch)
            """,
            limit))
        {
            yield return rows;
        }
    }

    /// <summary>Deletes log lines that arrived before a time. Yields the rows of each transaction.</summary>
    public IEnumerable<int> DeleteLogsBefore(DateTimeOffset limit) => DeleteArrivedBefore(
        "DELETE FROM logs WHERE id IN (SELECT id FROM (SELECT id, received FROM logs ORDER BY id LIMIT $batch) WHERE received < $limit)", limit);

    /// <summary>Deletes events that arrived before a time. Yields the rows of each transaction.</summary>
    public IEnumerable<int> DeleteEventsBefore(DateTimeOffset limit) => DeleteArrivedBefore(
        "DELETE FROM events WHERE id IN (SELECT id FROM (SELECT id, received FROM events ORDER BY id LIMIT $batch) WHERE received < $limit)", limit);

    /// <summary>Deletes what commands wrote and arrived before a time. Yields the rows of each transaction.</summary>
    public IEnumerable<int> DeleteOutputBefore(DateTimeOffset limit) => DeleteArrivedBefore(
        "DELETE FROM command_output WHERE id IN (SELECT id FROM (SELECT id, received FROM command_output ORDER BY id LIMIT $batch) WHERE received < $limit)", limit);

    /// <summary>Ids rise with arrival, so the oldest are the first: no index on the time of arrival is needed.</summary>
    private IEnumerable<int> DeleteArrivedBefore(string sql, DateTimeOffset limit)
    {
        using var connection = database.OpenWriter();
        foreach (var rows in Delete(connection, sql, limit))
        {
            yield return rows;
        }
    }

    private static IEnumerable<int> Delete(SqliteConnection connection, string sql, DateTimeOffset limit)
    {
        int deleted;
        do
        {
            deleted = Execute(connection, sql, limit);
            if (deleted > 0)
            {
                yield return deleted;
            }
        }
        while (deleted == Batch);
    }

    private static List<long> SeriesIds(SqliteConnection connection)
    {
        using var command = connection.Query("SELECT id FROM series");
        using var reader = command.ExecuteReader();
        var ids = new List<long>();
        while (reader.Read())
        {
            ids.Add(reader.GetInt64(0));
        }

        return ids;
    }

    private static int Execute(SqliteConnection connection, string sql, DateTimeOffset limit, params ReadOnlySpan<(string Name, object? Value)> more)
    {
        using var command = connection.Query(sql, [("$limit", limit.ToUnixTimeMilliseconds()), ("$batch", Batch), .. more]);
        return command.ExecuteNonQuery();
    }
}
