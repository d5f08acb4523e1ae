using Messaging.Relay.Counters;
using Messaging.Relay.Hosting;
using Messaging.Relay.Limits;
using Messaging.Relay.Principals;

namespace Messaging.Relay;

/// <summary>The relay as its host sees it. Thread safe.</summary>
public sealed class RelayStatus
{
    private readonly RelayListeners _listeners;
    private readonly PrincipalDirectory _directory;
    private readonly ConnectionGate _gate;
    private readonly RelayCounters _counters;

    internal RelayStatus(RelayListeners listeners, PrincipalDirectory directory, ConnectionGate gate, RelayCounters counters)
    {
        _listeners = listeners;
        _directory = directory;
        _gate = gate;
        _counters = counters;
    }

    /// <summary>The TCP port of plain MQTT that was bound, or null.</summary>
    public int? Port => _listeners.Plain?.IPEndPoint?.Port;

    /// <summary>The TCP port of MQTT over TLS that was bound, or null.</summary>
    public int? TlsPort => _listeners.Tls?.IPEndPoint?.Port;

    /// <summary>False until control has sent its first whole directory; devices are told to come later.</summary>
    public bool HasDirectory => _directory.IsReady;

    /// <summary>Control's version of the directory in force.</summary>
    public ulong DirectoryVersion => _directory.Version;

    /// <summary>Devices connected and authenticated.</summary>
    public int Devices => _gate.Devices;

    /// <summary>Connections that are not authenticated yet.</summary>
    public int Unauthenticated => _gate.Unauthenticated;

    /// <summary>All counts since the start, and the present numbers of devices, principals and strangers, by name.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> Counters =>
    [
        KeyValuePair.Create("devices", (long)_gate.Devices),
        KeyValuePair.Create("unauthenticated", (long)_gate.Unauthenticated),
        KeyValuePair.Create("principals", (long)_directory.Count),
        .. _counters.Snapshot(),
    ];
}
