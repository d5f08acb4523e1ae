using Messaging.Wire;
using Microsoft.Data.Sqlite;

namespace Messaging.FleetServer.Telemetry;

/// <summary>The ids of series, cached by device: nearly every point belongs to a known one.</summary>
internal sealed class SeriesTable : IDisposable
{
    /// <summary>A device that invents a new series for every point costs itself its points, not the server its disk.</summary>
    public const int MaxPerDevice = 10_000;

    private const int MaxCached = 500_000;
    private readonly Dictionary<PrincipalId, Dictionary<(string Name, string Attributes), long>> _devices = [];
    private readonly Statement _select;
    private readonly Statement _insert;
    private int _cached;

    public SeriesTable(SqliteConnection connection)
    {
        _select = new Statement(connection, "SELECT id, name, attributes FROM series WHERE device = ?1", 1);
        _insert = new Statement(
            connection, "INSERT INTO series(device, name, unit, kind, attributes) VALUES(?1, ?2, ?3, ?4, ?5) RETURNING id", 5);
    }

    /// <summary>The id of the series, which is made when it is new; 0 when the device has too many.</summary>
    public long Id(SeriesPoints series, SqliteTransaction transaction)
    {
        var known = Of(series.Device, transaction);
        if (known.TryGetValue((series.Name, series.AttributesJson), out var id))
        {
            return id;
        }

        if (known.Count >= MaxPerDevice)
        {
            return 0;
        }

        id = (long)_insert.Scalar(
            transaction, series.Device.ToArray(), series.Name, series.Unit, series.Kind, series.AttributesJson)!;
        known.Add((series.Name, series.AttributesJson), id);
        _cached++;
        return id;
    }

    public void Forget()
    {
        _devices.Clear();
        _cached = 0;
    }

    public void Dispose()
    {
        _select.Dispose();
        _insert.Dispose();
    }

    private Dictionary<(string Name, string Attributes), long> Of(PrincipalId device, SqliteTransaction transaction)
    {
        if (_devices.TryGetValue(device, out var known))
        {
            return known;
        }

        if (_cached > MaxCached)
        {
            Forget();
        }

        known = [];
        using (var reader = _select.Query(transaction, device.ToArray()))
        {
            while (reader.Read())
            {
                known.Add((reader.GetString(1), reader.GetString(2)), reader.GetInt64(0));
            }
        }

        _cached += known.Count;
        _devices.Add(device, known);
        return known;
    }
}
