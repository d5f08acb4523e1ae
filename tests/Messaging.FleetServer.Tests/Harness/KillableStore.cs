using Messaging.FleetServer.Telemetry;
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

    public bool AfterCommit { get; set; }

    public bool IsDead => _dead;

    public int Writes => _writes;

    /// <summary>Fails writes without killing: a full disk.</summary>
    public Func<TelemetryGroup, bool>? Refuse { get; set; }

    public StoredSender Load(PrincipalId device) => Alive().Load(device);

    public byte[] OpenFrame(long epoch) => Alive().OpenFrame(epoch);

    public int Prune(DateTimeOffset openedBefore) => Alive().Prune(openedBefore);

    public void Write(TelemetryGroup group)
    {
        Alive();
        if (Refuse?.Invoke(group) == true)
        {
            throw new Microsoft.Data.Sqlite.SqliteException("database or disk is full", 13);
        }

        var kill = ++_writes >= KillAtWrite && KillAtWrite > 0;
        if (kill && !AfterCommit)
        {
            Kill();
        }

        inner.Write(group);
        if (kill)
        {
            Kill();
        }
    }

    public void Dispose() => (inner as IDisposable)?.Dispose();

    private void Kill()
    {
        _dead = true;
        throw new ProcessKilledException();
    }

    private ITelemetryStore Alive() => _dead ? throw new ProcessKilledException() : inner;
}
