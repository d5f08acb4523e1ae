namespace Messaging.Agent.Configuration;

internal sealed class SystemdOptions
{
    /// <summary>D-Bus address of the system bus, such as <c>unix:path=/run/dbus/system_bus_socket</c>; empty: libsystemd's default.</summary>
    public string BusAddress { get; set; } = "";

    /// <summary>Socket of the helper that restarts units and the machine as root, where it is there; empty: none.</summary>
    public string Helper { get; set; } = "/run/messaging-agent-helper.sock";

    /// <summary>Socket of the helper that works with packages as root, where it is there; empty: none.</summary>
    public string Packages { get; set; } = "/run/messaging-agent-packages.sock";
}
