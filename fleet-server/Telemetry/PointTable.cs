using Microsoft.Data.Sqlite;

namespace Messaging.FleetServer.Telemetry;

/// <summary>Writes points.</summary>
internal sealed class PointTable(SqliteConnection connection) : IDisposable
{
    private const int MaxShiftMs = 16;
    private readonly Statement _insert = new(
        connection, "INSERT INTO points(series, t, v, boot) VALUES(?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING", 4);

    /// <summary>
    /// Two points of the same millisecond: the replay window says that both are new, so the later one moves aside. Clocks that are set
    /// back make a few of them; somebody who makes thousands loses them instead of our time.
    /// </summary>
    public void Insert(SqliteTransaction transaction, long series, long time, double value, long? boot)
    {
        var at = time;
        while (_insert.Run(transaction, series, at, value, boot) == 0 && at - time < MaxShiftMs)
        {
            at++;
        }
    }

    public void Dispose() => _insert.Dispose();
}
