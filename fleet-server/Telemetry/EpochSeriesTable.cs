using Messaging.Telemetry;
using Messaging.Wire;
using Microsoft.Data.Sqlite;

namespace Messaging.FleetServer.Telemetry;

/// <summary>What the numbers of series stand for in epochs that are not finished.</summary>
internal sealed class EpochSeriesTable(SqliteConnection connection) : IDisposable
{
    private readonly Statement _select = new(connection, "SELECT definition FROM epoch_series WHERE epoch = ?1 AND id = ?2", 2);
    private readonly Statement _count = new(
        connection,
        "SELECT epoch, count(*) FROM epoch_series WHERE epoch IN (SELECT id FROM epochs WHERE device = ?1) GROUP BY epoch",
        1);

    private readonly Statement _insert = new(
        connection, "INSERT INTO epoch_series(epoch, id, definition) VALUES(?1, ?2, ?3) ON CONFLICT DO NOTHING", 3);

    private readonly Statement _forget = new(connection, "DELETE FROM epoch_series WHERE epoch = ?1", 1);

    public SeriesDefinition? Find(long epoch, uint id)
    {
        if (_select.Scalar(null, epoch, (long)id) is not byte[] stored)
        {
            return null;
        }

        return SeriesDefinition.TryDecode(stored, out var definition)
            ? definition
            : throw new InvalidDataException($"telemetry.db holds a damaged definition of series {id}.");
    }

    /// <summary>How many definitions each epoch of a device has.</summary>
    public Dictionary<long, int> Count(PrincipalId device)
    {
        var counts = new Dictionary<long, int>();
        using var reader = _count.Query(null, device.ToArray());
        while (reader.Read())
        {
            counts.Add(reader.GetInt64(0), reader.GetInt32(1));
        }

        return counts;
    }

    public void Write(TelemetryGroup group, SqliteTransaction transaction)
    {
        foreach (var row in group.Series)
        {
            _insert.Run(transaction, row.Epoch.Id, (long)row.Id, row.Definition);
        }

        foreach (var epoch in group.FinishedEpochs)
        {
            _forget.Run(transaction, epoch.Id);
        }
    }

    public void Dispose()
    {
        _select.Dispose();
        _count.Dispose();
        _insert.Dispose();
        _forget.Dispose();
    }
}
