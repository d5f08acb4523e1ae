using Messaging.FleetServer.Clocks;
using Messaging.Wire;
using Microsoft.Data.Sqlite;

namespace Messaging.FleetServer.Telemetry;

/// <summary>The boots of devices, and what is known of when they were.</summary>
internal sealed class BootTable : IDisposable
{
    private readonly Statement _select;
    private readonly Statement _one;
    private readonly Statement _anchors;
    private readonly Statement _write;
    private readonly Statement _clear;
    private readonly Statement _anchor;

    public BootTable(SqliteConnection connection)
    {
        const string Columns = "SELECT id, boot, first_epoch, last_mono, last_record, latest_start, start, pending_since, device FROM boots ";
        _select = new Statement(connection, Columns + "WHERE device = ?1 ORDER BY id", 1);
        _one = new Statement(connection, Columns + "WHERE id = ?1", 1);
        _anchors = new Statement(connection, "SELECT mono, time, uncertainty, source FROM anchors WHERE boot = ?1", 1);
        _write = new Statement(
            connection,
            """
            INSERT INTO boots(device, boot, first_epoch, last_mono, last_record, latest_start, pending_since) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)
            ON CONFLICT DO UPDATE SET first_epoch = excluded.first_epoch, last_mono = excluded.last_mono, last_record = excluded.last_record,
                latest_start = excluded.latest_start, pending_since = coalesce(pending_since, excluded.pending_since)
            RETURNING id
            """,
            7);
        _clear = new Statement(connection, "DELETE FROM anchors WHERE boot = ?1", 1);
        _anchor = new Statement(
            connection, "INSERT INTO anchors(boot, mono, time, uncertainty, source) VALUES(?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING", 5);
    }

    public List<BootTimeline> Load(PrincipalId device, SqliteTransaction? transaction = null)
    {
        var boots = new List<BootTimeline>();
        using (var reader = _select.Query(transaction, device.ToArray()))
        {
            while (reader.Read())
            {
                boots.Add(Read(reader));
            }
        }

        boots.ForEach(boot => boot.Anchors.AddRange(Anchors(boot.Id, transaction)));
        return boots;
    }

    /// <summary>One boot with its device and since when it has rows to be placed; null when it is gone.</summary>
    public (PrincipalId Device, long? PendingSince)? Owner(long id, SqliteTransaction transaction)
    {
        using var reader = _one.Query(transaction, id);
        return reader.Read() && PrincipalId.TryRead((byte[])reader.GetValue(8), out var device)
            ? (device, reader.IsDBNull(7) ? (long?)null : reader.GetInt64(7))
            : null;
    }

    /// <summary>Gives new boots their ids.</summary>
    public void Write(PrincipalId device, BootTimeline boot, SqliteTransaction transaction)
    {
        boot.Id = (long)_write.Scalar(
            transaction, device.ToArray(), boot.Boot.ToArray(), (long?)boot.FirstEpoch, boot.LastMonoMs, boot.LastRecordAt, boot.LatestStart,
            boot.IsPending ? boot.LastRecordAt : null)!;
        if (boot.HasNewAnchors)
        {
            _clear.Run(transaction, boot.Id);
            boot.Anchors.ForEach(anchor => Write(boot.Id, anchor, transaction));
        }

        boot.Written();
    }

    public void Write(long boot, Anchor anchor, SqliteTransaction transaction) =>
        _anchor.Run(transaction, boot, anchor.MonoMs, anchor.UnixMs, anchor.UncertaintyMs, (long)anchor.Source);

    public void Dispose()
    {
        foreach (var statement in (ReadOnlySpan<Statement>)[_select, _one, _anchors, _write, _clear, _anchor])
        {
            statement.Dispose();
        }
    }

    private static BootTimeline Read(SqliteDataReader reader) => BootTimeline.Stored(
        reader.GetInt64(0),
        BootId.TryRead((byte[])reader.GetValue(1), out var boot) ? boot : throw new InvalidDataException("telemetry.db holds a boot id that has not 16 bytes."),
        reader.IsDBNull(2) ? null : (ulong)reader.GetInt64(2),
        reader.GetInt64(3),
        reader.GetInt64(4),
        reader.GetInt64(5),
        reader.IsDBNull(6) ? null : reader.GetInt64(6),
        !reader.IsDBNull(7),
        []);

    private List<Anchor> Anchors(long boot, SqliteTransaction? transaction)
    {
        var anchors = new List<Anchor>();
        using var reader = _anchors.Query(transaction, boot);
        while (reader.Read())
        {
            anchors.Add(new Anchor(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), (AnchorSource)reader.GetInt32(3)));
        }

        return anchors;
    }
}
