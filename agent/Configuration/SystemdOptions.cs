namespace Messaging.Agent.Configuration;

internal sealed class SystemdOptions
{
    /// <summary>D-Bus address of the system bus, such as <c>unix:path=/run/dbus/system_bus_socket</c>; empty: libsystemd's default.</summary>
    public string BusAddress { get; set; } = "";
}
