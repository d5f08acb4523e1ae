using Messaging.FleetServer.Clocks;
using Messaging.FleetServer.Commands.Output;
using Messaging.FleetServer.Files;
using Messaging.Telemetry;
using Messaging.Wire;
using Microsoft.Data.Sqlite;

namespace Messaging.FleetServer.Telemetry;

/// <inheritdoc cref="ITelemetryStore"/>
internal sealed class TelemetryStore : ITelemetryStore, IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly EpochTable _epochs;
    private readonly EpochSeriesTable _epochSeries;
    private readonly SeriesTable _series;
    private readonly BootTable _boots;
    private readonly PointTable _points;
    private readonly PlacementTable _placement;
    private readonly Statement _unplaced;
    private readonly Statement _log;
    private readonly Statement _event;
    private readonly Statement _gap;
    private readonly Statement _rejection;
    private readonly FileWrites _files;
    private readonly OutputWrites _outputs;

    public TelemetryStore(TelemetryDatabase database)
    {
        _connection = database.OpenWriter();
        _epochs = new EpochTable(_connection);
        _epochSeries = new EpochSeriesTable(_connection);
        _series = new SeriesTable(_connection);
        _boots = new BootTable(_connection);
        _points = new PointTable(_connection);
        _placement = new PlacementTable(_connection, _boots, _points);
        _unplaced = new Statement(
            _connection, "INSERT INTO unplaced(boot, series, mono, v) VALUES(?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING", 4);
        _files = new FileWrites(_connection);
        _outputs = new OutputWrites(_connection);
        _log = new Statement(
            _connection,
            """
            INSERT INTO logs(device, t, received, severity, source, body, attributes, boot, mono, quality)
            VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) RETURNING id
            """,
            10);
        _event = new Statement(
            _connection, """
            INSERT INTO events(device, t, received, name, severity, attributes, boot, mono, quality)
            VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
            """,
            9);
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

    public StoredSender Load(PrincipalId device)
    {
        var stored = _epochs.Load(device) with { Boots = _boots.Load(device) };
        var counts = _epochSeries.Count(device);
        foreach (var epoch in stored.Epochs)
        {
            epoch.StoredSeries = counts.GetValueOrDefault(epoch.Id);
        }

        return stored;
    }

    public byte[] OpenFrame(long epoch) => _epochs.OpenFrame(epoch);

    public SeriesDefinition? FindSeries(long epoch, uint id) => _epochSeries.Find(epoch, id);

    public int Prune(DateTimeOffset openedBefore) => _epochs.Prune(openedBefore);

    public IReadOnlyList<long> PendingBoots(long after, int limit) => _placement.Pending(after, limit);

    public Placed? Place(long boot, DateTimeOffset now) => _placement.Place(boot, now);

    public void Write(TelemetryGroup group)
    {
        using var transaction = _connection.BeginTransaction();
        try
        {
            _epochs.Write(group, transaction);
            _epochSeries.Write(group, transaction);
            foreach (var (boot, device) in group.Boots)
            {
                _boots.Write(device, boot, transaction);
            }

            group.Points.ForEach(points => Write(points, transaction));
            group.Logs.ForEach(log => Write(log, transaction));
            group.Events.ForEach(row => _event.Run(
                transaction, row.Device.ToArray(), row.Time, row.ReceivedAt, row.Name, row.Severity, row.AttributesJson, row.Moment?.Boot.Id,
                row.Moment?.MonoMs, (long)row.Quality));
            group.Gaps.ForEach(gap => _gap.Run(
                transaction, gap.Device.ToArray(), gap.EpochId.ToArray(), (long)gap.StreamId, (long)gap.FromSeq, (long)gap.ToSeq, gap.Reason, gap.RecordedAt));
            group.Rejections.ForEach(row => _rejection.Run(
                transaction, row.Device.ToArray(), row.Side, row.Reason, row.Count, row.LastAt));
            _files.Write(group, transaction);
            _outputs.Write(group, transaction);
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
        _epochSeries.Dispose();
        _series.Dispose();
        _placement.Dispose();
        _points.Dispose();
        _boots.Dispose();
        _unplaced.Dispose();
        _log.Dispose();
        _event.Dispose();
        _gap.Dispose();
        _rejection.Dispose();
        _files.Dispose();
        _outputs.Dispose();
        _connection.Dispose();
    }

    private void Write(SeriesPoints points, SqliteTransaction transaction)
    {
        points.SeriesId = _series.Id(points, transaction);
        if (points.SeriesId == 0)
        {
            return;
        }

        long? mark = points.Quality switch
        {
            TimeQuality.Exact => null,
            TimeQuality.Anchored => TimeQualities.AnchoredMark,
            _ => points.Boot?.Id ?? TimeQualities.LooseMark,
        };
        foreach (var point in points.Points)
        {
            if (points.Quality == TimeQuality.Unplaced)
            {
                _unplaced.Run(transaction, points.Boot!.Id, points.SeriesId, point.Time, point.Value);
            }
            else
            {
                _points.Insert(transaction, points.SeriesId, point.Time, point.Value, mark);
            }
        }
    }

    private void Write(LogRow log, SqliteTransaction transaction) => log.Id = (long)_log.Scalar(
        transaction, log.Device.ToArray(), log.Time, log.ReceivedAt, log.Severity, log.Source, log.Body, log.AttributesJson,
        log.Moment?.Boot.Id, log.Moment?.MonoMs, (long)log.Quality)!;
}
