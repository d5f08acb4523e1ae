using Messaging.FleetServer.Telemetry;
using Messaging.Telemetry;
using Messaging.Wire;

namespace Messaging.FleetServer.Tests.Harness;

/// <summary>
/// The real store in a process that can be killed: from the kill on every call fails, so nothing of what the process does later
/// has an effect that a dead process could not have had.
/// </summary>
internal sealed class KillableStore(ITelemetryStore inner) : ITelemetryStore, IDisposable
{
    private int _writes;
    private volatile bool _dead;

    /// <summary>Kills the process at the first write with this number or above, before or after its commit; 0 never.</summary>
    public int KillAtWrite { get; set; }

    /// <summary>The same at the first step of placing at which this is so.</summary>
    public Func<bool>? KillPlacing { get; set; }

    public bool AfterCommit { get; set; }

    public bool IsDead => _dead;

    public int Writes => _writes;

    /// <summary>Fails writes without killing: a full disk.</summary>
    public Func<TelemetryGroup, bool>? Refuse { get; set; }

    public StoredSender Load(PrincipalId device) => Alive().Load(device);

    public SeriesDefinition? FindSeries(long epoch, uint id) => Alive().FindSeries(epoch, id);

    public byte[] OpenFrame(long epoch) => Alive().OpenFrame(epoch);

    public int Prune(DateTimeOffset openedBefore) => Alive().Prune(openedBefore);

    public IReadOnlyList<long> PendingBoots(long after, int limit) => Alive().PendingBoots(after, limit);

    public Placed? Place(long boot, DateTimeOffset now)
    {
        Placed? placed = null;
        Change(() => placed = inner.Place(boot, now), KillPlacing?.Invoke() == true);
        return placed;
    }

    public void Write(TelemetryGroup group)
    {
        Alive();
        if (Refuse?.Invoke(group) == true)
        {
            throw new Microsoft.Data.Sqlite.SqliteException("database or disk is full", 13);
        }

        Change(() => inner.Write(group), ++_writes >= KillAtWrite && KillAtWrite > 0);
    }

    public void Dispose() => (inner as IDisposable)?.Dispose();

    private void Change(Action change, bool kill)
    {
        Alive();
        if (kill && !AfterCommit)
        {
            Kill();
        }

        change();
        if (kill)
        {
            Kill();
        }
    }

    private void Kill()
    {
        _dead = true;
        throw new ProcessKilledException();
    }

    private ITelemetryStore Alive() => _dead ? throw new ProcessKilledException() : inner;
}
