namespace Messaging.Agent.Systemd;

/// <summary>systemd's manager over D-Bus.</summary>
internal interface ISystemd
{
    /// <summary>All loaded units.</summary>
    /// <exception cref="SystemdUnavailableException">No libsystemd, no bus, or no systemd on the bus.</exception>
    /// <exception cref="SystemdException">The manager answered with an error.</exception>
    Task<IReadOnlyList<UnitState>> ListUnitsAsync(CancellationToken ct);

    /// <summary>Restarts (or starts) a unit and waits for its job to end.</summary>
    /// <returns>The job's result as systemd words it: <c>done</c>, <c>failed</c>, <c>canceled</c>, <c>timeout</c>, <c>dependency</c>, <c>skipped</c>.</returns>
    /// <exception cref="TimeoutException">The job did not end before the deadline; it goes on.</exception>
    /// <exception cref="SystemdUnavailableException">No libsystemd, no bus, or no systemd on the bus.</exception>
    /// <exception cref="SystemdException">The manager refused, for example <c>org.freedesktop.systemd1.NoSuchUnit</c>.</exception>
    Task<string> RestartUnitAsync(string unit, TimeSpan deadline, CancellationToken ct);

    /// <summary>Who keeps the machine from a restart now (systemd-inhibit(1), mode block), one line each; empty where there is no logind.</summary>
    /// <exception cref="SystemdUnavailableException">No libsystemd, or no bus.</exception>
    /// <exception cref="SystemdException">logind answered with an error.</exception>
    Task<IReadOnlyList<string>> ListRebootBlockersAsync(CancellationToken ct);

    /// <summary>Asks for an orderly reboot; returns when the manager has accepted it.</summary>
    /// <exception cref="SystemdUnavailableException">No libsystemd, no bus, or no systemd on the bus.</exception>
    /// <exception cref="SystemdException">The manager refused.</exception>
    Task RebootAsync(CancellationToken ct);
}
