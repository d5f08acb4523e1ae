using Messaging.FleetServer.Telemetry;
using Messaging.Recordings;
using Microsoft.Data.Sqlite;

namespace Messaging.FleetServer.Files;

/// <summary>What the ingest changes of files, in the transaction that holds its windows.</summary>
internal sealed class FileWrites : IDisposable
{
    private readonly Statement _insert;
    private readonly Statement _update;
    private readonly Statement _expire;
    private readonly Statement _trim;

    public FileWrites(SqliteConnection connection)
    {
        _insert = new Statement(
            connection,
            """
            INSERT INTO files(device, transfer, name, media_type, attributes, size, chunk_size, sha256, t, received, changed, state, reason, chunks)
            VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14) RETURNING id
            """,
            14);

        // Whoever deleted it meanwhile has the last word.
        _update = new Statement(
            connection, $"UPDATE files SET changed = ?2, state = ?3, reason = ?4, chunks = ?5 WHERE id = ?1 AND state = {(int)FileState.Receiving}", 5);
        _expire = new Statement(
            connection,
            $"UPDATE files SET changed = ?2, state = {(int)FileState.Expired}, reason = ?3 WHERE id = ?1 AND state = {(int)FileState.Complete}", 3);
        _trim = new Statement(
            connection,
            $"DELETE FROM files WHERE id IN (SELECT id FROM files WHERE device = ?1 AND state >= {(int)FileState.Incomplete} AND media_type <> '{RecordingFormat.MediaType}' ORDER BY id LIMIT ?2)", 2);
    }

    public void Write(TelemetryGroup group, SqliteTransaction transaction)
    {
        foreach (var row in group.ExpiredFiles)
        {
            _expire.Run(transaction, row.Id, row.ChangedAt, row.Reason);
        }

        foreach (var row in group.Files)
        {
            var chunks = row.State == FileState.Receiving ? row.Chunks.ToArray() : [];
            if (row.Id != 0)
            {
                _update.Run(transaction, row.Id, row.ChangedAt, (int)row.State, row.Reason, chunks);
                continue;
            }

            row.Id = (long)_insert.Scalar(
                transaction, row.Device.ToArray(), row.Transfer.ToArray(), row.Name, row.MediaType, row.AttributesJson, row.Size, row.ChunkSize, row.Sha256,
                row.Time, row.ReceivedAt, row.ChangedAt, (int)row.State, row.Reason, chunks)!;
        }

        foreach (var (device, count) in group.TrimmedFiles)
        {
            _trim.Run(transaction, device.ToArray(), count);
        }
    }

    public void Dispose()
    {
        _insert.Dispose();
        _update.Dispose();
        _expire.Dispose();
        _trim.Dispose();
    }
}
