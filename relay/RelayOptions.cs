using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Messaging.Relay;

/// <summary>What the relay listens on, whom it takes orders from, and its limits. Checked at start-up, all errors at once.</summary>
public sealed record RelayOptions
{
    /// <summary>TCP port of plain MQTT, loopback only; 0 picks a free one, null listens on none.</summary>
    public int? Port { get; init; }

    /// <summary>TCP port of MQTT over TLS; 0 picks a free one, null listens on none.</summary>
    public int? TlsPort { get; init; }

    /// <summary>Address that the TLS port is bound to.</summary>
    public IPAddress TlsAddress { get; init; } = IPAddress.IPv6Any;

    /// <summary>Certificate with private key of the TLS port. Its SPKI is bound into every authentication over it.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>Path of a Unix socket (created with mode 0600), or null.</summary>
    public string? UnixSocketPath { get; init; }

    /// <summary>Path of MQTT over WebSocket on the host's HTTP listeners.</summary>
    public string WebSocketPath { get; init; } = RelayDefaults.WebSocketPath;

    /// <summary>SHA-256 fingerprints (32 bytes) of the identity points of the principals that may control this relay.</summary>
    public IReadOnlyList<byte[]> ControlKeys { get; init; } = [];

    /// <summary>
    /// File of the users of the generic MQTT namespace (<see cref="Users.MqttUserFile"/>), which is open on the listeners of TCP and WebSocket as soon as the file exists; null: it is not there.
    /// </summary>
    public string? MqttUsersFile { get; init; }

    /// <summary>Bytes of one MQTT packet, either way.</summary>
    public int MaxPacketBytes { get; init; } = RelayDefaults.MaxPacketBytes;

    /// <summary>Bytes of one MQTT packet before authentication.</summary>
    public int MaxUnauthenticatedPacketBytes { get; init; } = RelayDefaults.MaxUnauthenticatedPacketBytes;

    /// <summary>Packets a second from one device; more are read later, never refused.</summary>
    public int PacketsPerSecond { get; init; } = RelayDefaults.PacketsPerSecond;

    /// <summary>Packets that one device may send in a burst.</summary>
    public int PacketBurst { get; init; } = RelayDefaults.PacketBurst;

    /// <summary>Bytes a second from one device; more are read later, never refused.</summary>
    public int BytesPerSecond { get; init; } = RelayDefaults.BytesPerSecond;

    /// <summary>Bytes that one device may send in a burst.</summary>
    public int ByteBurst { get; init; } = RelayDefaults.ByteBurst;

    /// <summary>Bytes that may wait for one device; a device that lets more pile up is cut.</summary>
    public int MaxQueuedBytes { get; init; } = RelayDefaults.MaxQueuedBytes;

    /// <summary>Bytes that may wait for one control principal; devices are held back when it is full.</summary>
    public int MaxControlQueuedBytes { get; init; } = RelayDefaults.MaxControlQueuedBytes;

    /// <summary>Authenticated devices at a time. Control is not counted.</summary>
    public int MaxConnections { get; init; } = RelayDefaults.MaxConnections;

    /// <summary>Connections at a time from one address (IPv4 address, IPv6 /64). A Unix socket has no address.</summary>
    public int MaxConnectionsPerAddress { get; init; } = RelayDefaults.MaxConnectionsPerAddress;

    /// <summary>Connections at a time that are not authenticated yet.</summary>
    public int MaxUnauthenticated { get; init; } = RelayDefaults.MaxUnauthenticated;

    /// <summary>Connections at a time from one address that are not authenticated yet.</summary>
    public int MaxUnauthenticatedPerAddress { get; init; } = RelayDefaults.MaxUnauthenticatedPerAddress;

    /// <summary>Time from accepting a connection to its successful authentication, TLS handshake included.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(RelayDefaults.ConnectTimeoutSeconds);

    /// <summary>The longest keep-alive; a client that asks for more, or for none, gets this.</summary>
    public TimeSpan MaxKeepAlive { get; init; } = TimeSpan.FromSeconds(RelayDefaults.MaxKeepAliveSeconds);

    /// <summary>How long a client may take nothing of what waits for it before it is cut.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(RelayDefaults.StallTimeoutSeconds);

    /// <summary>How long a device's publish waits for room when control is slow, before it is refused.</summary>
    public TimeSpan BackpressureTimeout { get; init; } = TimeSpan.FromSeconds(RelayDefaults.BackpressureTimeoutSeconds);

    /// <summary>How long a session of long poll lives without a request.</summary>
    public TimeSpan PollIdleTimeout { get; init; } = TimeSpan.FromSeconds(RelayDefaults.PollIdleTimeoutSeconds);

    /// <summary>After which time a client that finds no place is asked to come back.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(RelayDefaults.RetryAfterSeconds);

    /// <summary>How many connections a second this relay can authenticate: those that are sent away together are spread over time by it.</summary>
    public int ReconnectsPerSecond { get; init; } = RelayDefaults.ReconnectsPerSecond;

    /// <summary>Time between two statistics messages to control.</summary>
    public TimeSpan StatsInterval { get; init; } = TimeSpan.FromSeconds(RelayDefaults.StatsIntervalSeconds);
}
