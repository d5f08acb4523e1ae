using Messaging.Files;
using Messaging.FleetServer.Telemetry;
using Messaging.FleetServer.Telemetry.Queries;
using Messaging.Recordings;
using Messaging.Wire;
using Microsoft.Data.Sqlite;

namespace Messaging.FleetServer.Files;

/// <summary>Reads files' rows, and changes the state of those that the ingest has finished with. What the ingest changes, it commits with its windows.</summary>
internal sealed class FileTable(TelemetryDatabase database)
{
    private const string Recording = $"media_type = '{RecordingFormat.MediaType}'";
    private const string Columns = "id, device, transfer, name, media_type, attributes, size, chunk_size, sha256, t, received, changed, state, reason, chunks";

    public FileRow? Find(PrincipalId device, TransferId transfer) =>
        Read($"SELECT {Columns} FROM files WHERE device = $device AND transfer = $transfer", ("$device", device.ToArray()), ("$transfer", transfer.ToArray())).FirstOrDefault();

    /// <summary>Newest first, without recordings and those that were deleted.</summary>
    public IReadOnlyList<FileRow> List(PrincipalId device, long? before, int limit) => Read(
        $"SELECT {Columns} FROM files WHERE device = $device AND id < $before AND state <> {(int)FileState.Deleted} AND NOT {Recording} ORDER BY id DESC LIMIT $limit",
        ("$device", device.ToArray()), ("$before", before ?? long.MaxValue), ("$limit", limit));

    /// <summary>Recordings, newest first: of one device; of all with null.</summary>
    public IReadOnlyList<FileRow> ListRecordings(PrincipalId? device, long? before, int limit) => Read(
        $"SELECT {Columns} FROM files WHERE {Recording} AND ($device IS NULL OR device = $device) AND id < $before ORDER BY id DESC LIMIT $limit",
        ("$device", device?.ToArray()), ("$before", before ?? long.MaxValue), ("$limit", limit));

    /// <summary>The oldest complete files of a device.</summary>
    public IReadOnlyList<FileRow> OldestComplete(PrincipalId device, int limit) => Read(
        $"SELECT {Columns} FROM files WHERE device = $device AND state = {(int)FileState.Complete} AND NOT {Recording} ORDER BY id LIMIT $limit", ("$device", device.ToArray()), ("$limit", limit));

    /// <param name="state">Those in this state.</param>
    /// <param name="changedBefore">Since this.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="recordings">Recordings or others; null: both.</param>
    public IReadOnlyList<FileRow> InState(FileState state, DateTimeOffset changedBefore, int limit, bool? recordings = null) => Read(
        $"SELECT {Columns} FROM files WHERE state = $state AND changed < $limit AND ($recordings IS NULL OR ({Recording}) = $recordings) ORDER BY id LIMIT $count",
        ("$state", (int)state), ("$limit", changedBefore.ToUnixTimeMilliseconds()), ("$recordings", recordings is { } only ? (only ? 1 : 0) : null), ("$count", limit));

    /// <summary>Bytes of the recordings that are complete or on their way: of one device; of all with null.</summary>
    public long RecordingBytes(PrincipalId? device)
    {
        using var connection = database.OpenReader();
        using var command = connection.Query("SELECT bytes FROM recording_usage WHERE device = $device", ("$device", device?.ToArray() ?? []));
        return (long?)command.ExecuteScalar() ?? 0;
    }

    /// <summary>Of one device; of all with null.</summary>
    public FileUsage Usage(PrincipalId? device)
    {
        using var connection = database.OpenReader();
        using var command = connection.Query("SELECT files, receiving, bytes FROM file_usage WHERE device = $device", ("$device", device?.ToArray() ?? []));
        using var reader = command.ExecuteReader();
        return reader.Read() ? new FileUsage(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2)) : default;
    }

    /// <summary>Changes the state if it is still the one that the row has.</summary>
    /// <returns>False when somebody else changed it first.</returns>
    public bool TryEnd(FileRow row, FileState state, string reason, DateTimeOffset now)
    {
        using var connection = database.OpenWriter();
        using var command = connection.Query(
            "UPDATE files SET state = $state, reason = $reason, changed = $now, chunks = x'' WHERE id = $id AND state = $before",
            ("$state", (int)state), ("$reason", reason), ("$now", now.ToUnixTimeMilliseconds()), ("$id", row.Id), ("$before", (int)row.State));
        if (command.ExecuteNonQuery() == 0)
        {
            return false;
        }

        row.End(state, reason, now.ToUnixTimeMilliseconds());
        return true;
    }

    /// <summary>Forgets rows of which nothing is kept and which changed before the limit.</summary>
    public int Forget(DateTimeOffset changedBefore, int limit)
    {
        using var connection = database.OpenWriter();
        using var command = connection.Query(
            $"DELETE FROM files WHERE id IN (SELECT id FROM files WHERE state >= {(int)FileState.Incomplete} AND changed < $limit ORDER BY id LIMIT $count)",
            ("$limit", changedBefore.ToUnixTimeMilliseconds()), ("$count", limit));
        return command.ExecuteNonQuery();
    }

    private List<FileRow> Read(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var connection = database.OpenReader();
        using var command = connection.Query(sql, parameters);
        using var reader = command.ExecuteReader();
        var rows = new List<FileRow>();
        while (reader.Read())
        {
            rows.Add(Row(reader));
        }

        return rows;
    }

    private static FileRow Row(SqliteDataReader reader)
    {
        var row = new FileRow
        {
            Id = reader.GetInt64(0),
            Device = PrincipalId.TryRead((byte[])reader.GetValue(1), out var device) ? device : throw Damaged(),
            Transfer = TransferId.TryRead((byte[])reader.GetValue(2), out var transfer) ? transfer : throw Damaged(),
            Name = reader.GetString(3),
            MediaType = reader.GetString(4),
            AttributesJson = reader.GetString(5),
            Size = reader.GetInt64(6),
            ChunkSize = reader.GetInt32(7),
            Sha256 = (byte[])reader.GetValue(8),
            Time = reader.GetInt64(9),
            ReceivedAt = reader.GetInt64(10),
            ChangedAt = reader.GetInt64(11),
            State = (FileState)reader.GetInt32(12),
            Reason = reader.GetString(13),
        };
        row.Chunks = row.State == FileState.Receiving ? new ChunkSet(row.ChunkCount, (byte[])reader.GetValue(14)) : row.Chunks;
        return row;
    }

    private static InvalidDataException Damaged() => new("telemetry.db holds an id of a file that has not 16 bytes.");
}
