namespace Messaging.Agent.Configuration;

internal sealed class DeviceOptions
{
    /// <summary>Keys, spool, journal of commands, socket. Mode 0700.</summary>
    public string State { get; set; } = "/var/lib/messaging-agent";

    /// <summary>The name proposed at enrolment; empty: the host name.</summary>
    public string Name { get; set; } = "";
}
