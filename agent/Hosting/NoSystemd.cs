using Messaging.Agent.Systemd;

namespace Messaging.Agent.Hosting;

/// <summary>A machine whose services are not run by systemd.</summary>
internal sealed class NoSystemd : ISystemd
{
    private static SystemdUnavailableException Unavailable => new("This agent has no connection to systemd.");

    public Task<IReadOnlyList<UnitState>> ListUnitsAsync(CancellationToken ct) => Task.FromException<IReadOnlyList<UnitState>>(Unavailable);

    public Task<string> RestartUnitAsync(string unit, TimeSpan deadline, CancellationToken ct) => Task.FromException<string>(Unavailable);

    public Task RebootAsync(CancellationToken ct) => Task.FromException(Unavailable);
}
