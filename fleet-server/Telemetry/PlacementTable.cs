using Messaging.FleetServer.Clocks;
using Messaging.FleetServer.Events;
using Messaging.Wire;
using Microsoft.Data.Sqlite;

namespace Messaging.FleetServer.Telemetry;

/// <summary>
/// Puts rows that were stored without a time where they belong, a bounded number in one transaction: what was moved is no longer among
/// those to be moved, so that a step that is repeated after a crash does nothing twice.
/// </summary>
internal sealed class PlacementTable : IDisposable
{
    /// <summary>Rows of one transaction.</summary>
    public const int Batch = 2000;

    private readonly SqliteConnection _connection;
    private readonly BootTable _boots;
    private readonly PointTable _points;
    private readonly Statement _pending;
    private readonly Statement _isDelivered;
    private readonly Statement _start;
    private readonly Statement _done;
    private readonly Statement _unplaced;
    private readonly Statement _forget;
    private readonly Statement _estimated;
    private readonly Statement _delete;
    private readonly (Statement Select, Statement Update)[] _records;

    public PlacementTable(SqliteConnection connection, BootTable boots, PointTable points)
    {
        _connection = connection;
        _boots = boots;
        _points = points;
        _pending = new Statement(connection, "SELECT id FROM boots WHERE pending_since IS NOT NULL AND id > ?1 ORDER BY id LIMIT ?2", 2);
        _isDelivered = new Statement(connection, "SELECT count(*) FROM epochs WHERE device = ?1 AND boot_nonce = ?2 AND finished = 0", 2);
        _start = new Statement(connection, "UPDATE boots SET start = ?2 WHERE id = ?1", 2);
        _done = new Statement(connection, "UPDATE boots SET pending_since = NULL WHERE id = ?1", 1);
        _unplaced = new Statement(
            connection,
            """
            SELECT u.series, u.mono, u.v, s.name, s.unit, s.kind, s.attributes FROM unplaced u JOIN series s ON s.id = u.series
            WHERE u.boot = ?1 ORDER BY u.series, u.mono LIMIT ?2
            """,
            2);
        _forget = new Statement(connection, "DELETE FROM unplaced WHERE boot = ?1 AND series = ?2 AND mono = ?3", 3);
        _estimated = new Statement(
            connection,
            """
            SELECT p.series, p.t, p.v, s.name, s.unit, s.kind, s.attributes FROM points p JOIN series s ON s.id = p.series
            WHERE p.boot = ?1 AND p.boot > 0 ORDER BY p.series, p.t LIMIT ?2
            """,
            2);
        _delete = new Statement(connection, "DELETE FROM points WHERE series = ?1 AND t = ?2", 2);
        _records =
        [
            (new Statement(connection, "SELECT id, mono FROM logs WHERE boot = ?1 AND quality > 1 AND quality > ?2 LIMIT ?3", 3),
                new Statement(connection, "UPDATE logs SET t = ?2, quality = ?3 WHERE id = ?1", 3)),
            (new Statement(connection, "SELECT id, mono FROM events WHERE boot = ?1 AND quality > 1 AND quality > ?2 LIMIT ?3", 3),
                new Statement(connection, "UPDATE events SET t = ?2, quality = ?3 WHERE id = ?1", 3)),
        ];
    }

    /// <summary>Boots with rows to be placed.</summary>
    public List<long> Pending(long after, int limit)
    {
        var ids = new List<long>();
        using var reader = _pending.Query(null, after, (long)limit);
        while (reader.Read())
        {
            ids.Add(reader.GetInt64(0));
        }

        return ids;
    }

    public Placed? Place(long id, DateTimeOffset at)
    {
        using var transaction = _connection.BeginTransaction();
        if (_boots.Owner(id, transaction) is not { PendingSince: { } since } owner)
        {
            return null;
        }

        var now = at.ToUnixTimeMilliseconds();
        var all = _boots.Load(owner.Device, transaction);
        var placing = PlacementPlan.Decide(all.Single(boot => boot.Id == id), all, since, boot => IsDelivered(owner.Device, boot, transaction), now);
        if (placing is Placing.Waiting)
        {
            return new Placed(owner.Device, [], 0, IsDone: false);
        }

        Keep(id, placing, transaction);
        var stands = _boots.Load(owner.Device, transaction).Single(boot => boot.Id == id);
        var placed = Move(owner.Device, stands, placing is not Placing.ByEstimate, now, transaction);
        transaction.Commit();
        return placed;
    }

    public void Dispose()
    {
        foreach (var statement in (ReadOnlySpan<Statement>)[_pending, _isDelivered, _start, _done, _unplaced, _forget, _estimated, _delete])
        {
            statement.Dispose();
        }

        foreach (var (select, update) in _records)
        {
            select.Dispose();
            update.Dispose();
        }
    }

    private bool IsDelivered(PrincipalId device, BootTimeline boot, SqliteTransaction transaction) =>
        (long)_isDelivered.Scalar(transaction, device.ToArray(), boot.Boot.ToArray())! == 0;

    private void Keep(long id, Placing placing, SqliteTransaction transaction)
    {
        switch (placing)
        {
            case Placing.ByReceipt receipt:
                _boots.Write(id, receipt.Anchor, transaction);
                break;
            case Placing.ByEstimate estimate:
                foreach (var (boot, start) in estimate.Starts)
                {
                    _start.Run(transaction, boot, start);
                }

                break;
        }
    }

    private Placed Move(PrincipalId device, BootTimeline boot, bool isAnchored, long now, SqliteTransaction transaction)
    {
        var (mark, quality) = isAnchored ? (TimeQualities.AnchoredMark, TimeQuality.Anchored) : (boot.Id, TimeQuality.Estimated);
        var moved = Points(_unplaced, boot.Id, transaction);
        foreach (var (series, mono, value) in moved.SelectMany(one => one.Points.Select(point => (one.SeriesId, point.Time, point.Value))))
        {
            _forget.Run(transaction, boot.Id, series, mono);
            _points.Insert(transaction, series, At(mono), value, mark);
        }

        var rows = moved.Sum(one => one.Points.Count);
        if (rows < Batch && isAnchored && boot.EstimatedStart is { } start)
        {
            var estimated = Points(_estimated, boot.Id, transaction)
                .ConvertAll(one => one with { Points = [.. one.Points.Select(point => point with { Time = point.Time - start })] });
            foreach (var (series, mono, value) in estimated.SelectMany(one => one.Points.Select(point => (one.SeriesId, point.Time, point.Value))))
            {
                _delete.Run(transaction, series, start + mono);
                _points.Insert(transaction, series, At(mono), value, mark);
            }

            moved.AddRange(estimated);
            rows += estimated.Sum(one => one.Points.Count);
        }

        foreach (var (select, update) in _records)
        {
            rows += rows < Batch ? Records(select, update) : 0;
        }

        var isDone = rows < Batch;
        if (isDone)
        {
            _done.Run(transaction, boot.Id);
            if (isAnchored)
            {
                _start.Run(transaction, boot.Id, null);
            }
        }

        return new Placed(device, moved.ConvertAll(one => one with { Points = [.. one.Points.Select(point => new StoredPoint(At(point.Time), point.Value, quality))] }), rows, isDone);

        long At(long mono) => Dating.Clamp(
            (isAnchored ? boot.Nearest(mono, static anchor => anchor.Source != AnchorSource.Log)?.UnixMsAt(mono) : boot.EstimatedStart + mono) ?? now, now);

        int Records(Statement select, Statement update)
        {
            var found = new List<(long Id, long Mono)>();
            using (var reader = select.Query(transaction, boot.Id, (long)quality, (long)Batch))
            {
                while (reader.Read())
                {
                    found.Add((reader.GetInt64(0), reader.GetInt64(1)));
                }
            }

            found.ForEach(row => update.Run(transaction, row.Id, At(row.Mono), (long)quality));
            return found.Count;
        }
    }

    /// <summary>The first rows of a boot, by series.</summary>
    private static List<StoredSeries> Points(Statement select, long boot, SqliteTransaction transaction)
    {
        var all = new List<StoredSeries>();
        using var reader = select.Query(transaction, boot, (long)Batch);
        while (reader.Read())
        {
            var series = reader.GetInt64(0);
            if (all.Count == 0 || all[^1].SeriesId != series)
            {
                all.Add(new StoredSeries(series, reader.GetString(3), reader.GetString(4), reader.GetInt32(5), reader.GetString(6), new List<StoredPoint>()));
            }

            ((List<StoredPoint>)all[^1].Points).Add(new StoredPoint(reader.GetInt64(1), reader.GetDouble(2)));
        }

        return all;
    }
}
