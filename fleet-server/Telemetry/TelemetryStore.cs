using Messaging.Wire;
using Microsoft.Data.Sqlite;

namespace Messaging.FleetServer.Telemetry;

/// <inheritdoc cref="ITelemetryStore"/>
internal sealed class TelemetryStore : ITelemetryStore, IDisposable
{
    private const int MaxShiftMs = 16;
    private readonly SqliteConnection _connection;
    private readonly EpochTable _epochs;
    private readonly SeriesTable _series;
    private readonly Statement _point;
    private readonly Statement _log;
    private readonly Statement _event;
    private readonly Statement _gap;
    private readonly Statement _rejection;

    public TelemetryStore(TelemetryDatabase database)
    {
        _connection = database.OpenWriter();
        _epochs = new EpochTable(_connection);
        _series = new SeriesTable(_connection);
        _point = new Statement(_connection, "INSERT INTO points(series, t, v) VALUES(?1, ?2, ?3) ON CONFLICT DO NOTHING", 3);
        _log = new Statement(
            _connection,
            "INSERT INTO logs(device, t, received, severity, source, body, attributes) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7) RETURNING id",
            7);
        _event = new Statement(
            _connection, "INSERT INTO events(device, t, received, name, severity, attributes) VALUES(?1, ?2, ?3, ?4, ?5, ?6)", 6);
        _gap = new Statement(
            _connection,
            """
            INSERT INTO gaps(device, epoch_id, stream, from_seq, to_seq, reason, recorded) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)
            ON CONFLICT DO NOTHING
            """,
            7);
        _rejection = new Statement(
            _connection,
            """
            INSERT INTO rejections(device, side, reason, count, last) VALUES(?1, ?2, ?3, ?4, ?5)
            ON CONFLICT DO UPDATE SET count = count + excluded.count, last = max(last, excluded.last)
            """,
            5);
    }

    public StoredSender Load(PrincipalId device) => _epochs.Load(device);

    public byte[] OpenFrame(long epoch) => _epochs.OpenFrame(epoch);

    public int Prune(DateTimeOffset openedBefore) => _epochs.Prune(openedBefore);

    public void Write(TelemetryGroup group)
    {
        using var transaction = _connection.BeginTransaction();
        try
        {
            _epochs.Write(group, transaction);
            group.Points.ForEach(points => Write(points, transaction));
            group.Logs.ForEach(log => Write(log, transaction));
            group.Events.ForEach(row => _event.Run(
                transaction, row.Device.ToArray(), row.Time, row.ReceivedAt, row.Name, row.Severity, row.AttributesJson));
            group.Gaps.ForEach(gap => _gap.Run(
                transaction, gap.Device.ToArray(), gap.EpochId.ToArray(), (long)gap.StreamId, (long)gap.FromSeq, (long)gap.ToSeq, gap.Reason, gap.RecordedAt));
            group.Rejections.ForEach(row => _rejection.Run(
                transaction, row.Device.ToArray(), row.Side, row.Reason, row.Count, row.LastAt));
            transaction.Commit();
        }
        catch
        {
            // Ids that were given in this transaction are not in the tables.
            _series.Forget();
            group.NewEpochs.ForEach(epoch => epoch.Id = 0);
            throw;
        }
    }

    public void Dispose()
    {
        _epochs.Dispose();
        _series.Dispose();
        _point.Dispose();
        _log.Dispose();
        _event.Dispose();
        _gap.Dispose();
        _rejection.Dispose();
        _connection.Dispose();
    }

    private void Write(SeriesPoints points, SqliteTransaction transaction)
    {
        points.SeriesId = _series.Id(points, transaction);
        if (points.SeriesId == 0)
        {
            return;
        }

        foreach (var point in points.Points)
        {
            // Two points of the same millisecond: the replay window says that both are new, so the later one moves aside. Clocks that
            // are set back make a few of them; somebody who makes thousands loses them instead of our time.
            var time = point.Time;
            while (_point.Run(transaction, points.SeriesId, time, point.Value) == 0 && time - point.Time < MaxShiftMs)
            {
                time++;
            }
        }
    }

    private void Write(LogRow log, SqliteTransaction transaction) => log.Id = (long)_log.Scalar(
        transaction, log.Device.ToArray(), log.Time, log.ReceivedAt, log.Severity, log.Source, log.Body, log.AttributesJson)!;
}
