using Messaging.Wire;
using Microsoft.Data.Sqlite;

namespace Messaging.FleetServer.Telemetry;

/// <summary>Epochs, their windows and the floors of their senders.</summary>
internal sealed class EpochTable : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Statement _floor;
    private readonly Statement _select;
    private readonly Statement _windows;
    private readonly Statement _openFrame;
    private readonly Statement _insert;
    private readonly Statement _finish;
    private readonly Statement _forgetWindows;
    private readonly Statement _window;

    public EpochTable(SqliteConnection connection)
    {
        _connection = connection;
        _floor = new Statement(connection, "SELECT floor FROM senders WHERE device = ?1", 1);
        _select = new Statement(
            connection,
            """
            SELECT id, epoch_id, epoch_no, boot_nonce, uptime_ms, opened_at, prev_epoch_id, prev_last, final
            FROM epochs WHERE device = ?1 ORDER BY epoch_no
            """,
            1);
        _windows = new Statement(
            connection, "SELECT epoch, stream, state FROM windows WHERE epoch IN (SELECT id FROM epochs WHERE device = ?1)", 1);
        _openFrame = new Statement(connection, "SELECT open_frame FROM epochs WHERE id = ?1", 1);
        _insert = new Statement(
            connection,
            """
            INSERT INTO epochs(device, epoch_id, kid, epoch_no, open_frame, boot_nonce, uptime_ms, opened_at, prev_epoch_id, prev_last)
            VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) RETURNING id
            """,
            10);
        // A finished epoch is never opened again: its secret goes with its opening.
        _finish = new Statement(connection, "UPDATE epochs SET finished = 1, final = ?2, open_frame = x'' WHERE id = ?1", 2);
        _forgetWindows = new Statement(connection, "DELETE FROM windows WHERE epoch = ?1", 1);
        _window = new Statement(
            connection,
            "INSERT INTO windows(epoch, stream, state) VALUES(?1, ?2, ?3) ON CONFLICT DO UPDATE SET state = excluded.state",
            3);
    }

    public StoredSender Load(PrincipalId device)
    {
        var id = device.ToArray();
        var floor = (long?)_floor.Scalar(null, id) ?? 0;
        var epochs = new Dictionary<long, EpochRow>();
        using (var reader = _select.Query(null, id))
        {
            while (reader.Read())
            {
                var row = Read(device, reader);
                epochs.Add(row.Id, row);
            }
        }

        using (var reader = _windows.Query(null, id))
        {
            while (reader.Read())
            {
                epochs[reader.GetInt64(0)].Windows[(uint)reader.GetInt64(1)] = (byte[])reader.GetValue(2);
            }
        }

        return new StoredSender((ulong)floor, [.. epochs.Values]);
    }

    public byte[] OpenFrame(long epoch) => (byte[])_openFrame.Scalar(null, epoch)!;

    public void Write(TelemetryGroup group, SqliteTransaction transaction)
    {
        foreach (var epoch in group.NewEpochs)
        {
            epoch.Id = (long)_insert.Scalar(
                transaction, epoch.Device.ToArray(), epoch.EpochId.ToArray(), epoch.EpochId.ToArray()[..Kid.Size], (long)epoch.EpochNo,
                epoch.OpenFrame, epoch.BootId.ToArray(), (long)epoch.UptimeMs, epoch.OpenedAt.ToUnixTimeMilliseconds(),
                epoch.PrevEpochId?.ToArray(), StreamSeqBlob.Write(epoch.PrevLast))!;
        }

        foreach (var window in group.Windows)
        {
            _window.Run(transaction, window.Epoch.Id, (long)window.StreamId, window.State);
        }

        foreach (var epoch in group.FinishedEpochs)
        {
            _finish.Run(transaction, epoch.Id, StreamSeqBlob.Write(epoch.Final ?? []));
            _forgetWindows.Run(transaction, epoch.Id);
        }
    }

    public int Prune(DateTimeOffset openedBefore)
    {
        using var transaction = _connection.BeginTransaction();
        using var prune = _connection.CreateCommand();
        prune.Transaction = transaction;
        prune.CommandText =
            """
            INSERT INTO senders(device, floor) SELECT device, max(epoch_no) FROM epochs WHERE opened_at < $limit GROUP BY device
            ON CONFLICT DO UPDATE SET floor = max(floor, excluded.floor);
            DELETE FROM anchors WHERE boot IN (SELECT id FROM boots WHERE last_record < $limit AND pending_since IS NULL);
            DELETE FROM boots WHERE last_record < $limit AND pending_since IS NULL;
            DELETE FROM windows WHERE epoch IN (SELECT id FROM epochs WHERE opened_at < $limit);
            DELETE FROM epoch_series WHERE epoch IN (SELECT id FROM epochs WHERE opened_at < $limit);
            DELETE FROM epochs WHERE opened_at < $limit;
            SELECT changes();
            """;
        prune.Parameters.AddWithValue("$limit", openedBefore.ToUnixTimeMilliseconds());
        var pruned = Convert.ToInt32(prune.ExecuteScalar());
        transaction.Commit();
        return pruned;
    }

    public void Dispose()
    {
        foreach (var statement in (ReadOnlySpan<Statement>)[_floor, _select, _windows, _openFrame, _insert, _finish, _forgetWindows, _window])
        {
            statement.Dispose();
        }
    }

    private static EpochRow Read(PrincipalId device, SqliteDataReader reader) => new()
    {
        Id = reader.GetInt64(0),
        Device = device,
        EpochId = EpochOf((byte[])reader.GetValue(1)),
        EpochNo = (ulong)reader.GetInt64(2),
        OpenFrame = [],
        BootId = BootId.TryRead((byte[])reader.GetValue(3), out var boot) ? boot : default,
        UptimeMs = (ulong)reader.GetInt64(4),
        OpenedAt = DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(5)),
        PrevEpochId = reader.IsDBNull(6) ? null : EpochOf((byte[])reader.GetValue(6)),
        PrevLast = reader.IsDBNull(7) ? [] : StreamSeqBlob.Read((byte[])reader.GetValue(7)),
        Final = reader.IsDBNull(8) ? null : StreamSeqBlob.Read((byte[])reader.GetValue(8)),
    };

    private static EpochId EpochOf(byte[] bytes) =>
        EpochId.TryRead(bytes, out var id) ? id : throw new InvalidDataException("telemetry.db holds an epoch id that has not 16 bytes.");
}
