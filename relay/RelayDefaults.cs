namespace Messaging.Relay;

/// <summary>Every default of <see cref="RelayOptions"/>, in one place, with its unit.</summary>
public static class RelayDefaults
{
    /// <summary>Bytes of one MQTT packet: a frame of 256 KiB and room for topic and header.</summary>
    public const int MaxPacketBytes = (256 * 1024) + 1024;

    /// <summary>Bytes of one MQTT packet before the sender is authenticated; a CONNECT with its token is under 1 KiB.</summary>
    public const int MaxUnauthenticatedPacketBytes = 8 * 1024;

    /// <summary>MQTT packets a second that one device may send, over time.</summary>
    public const int PacketsPerSecond = 1000;

    /// <summary>MQTT packets that one device may send in a burst.</summary>
    public const int PacketBurst = 2000;

    /// <summary>Bytes a second that one device may send, over time.</summary>
    public const int BytesPerSecond = 16 * 1024 * 1024;

    /// <summary>Bytes that one device may send in a burst.</summary>
    public const int ByteBurst = 16 * 1024 * 1024;

    /// <summary>Bytes that may wait for one device, sent and not acknowledged included.</summary>
    public const int MaxQueuedBytes = 4 * 1024 * 1024;

    /// <summary>Bytes that may wait for one control principal.</summary>
    public const int MaxControlQueuedBytes = 64 * 1024 * 1024;

    /// <summary>Authenticated devices at a time.</summary>
    public const int MaxConnections = 10_000;

    /// <summary>Connections at a time from one address (IPv4 address, IPv6 /64).</summary>
    public const int MaxConnectionsPerAddress = 1_000;

    /// <summary>Connections at a time that are not authenticated yet.</summary>
    public const int MaxUnauthenticated = 500;

    /// <summary>Connections at a time from one address that are not authenticated yet.</summary>
    public const int MaxUnauthenticatedPerAddress = 50;

    /// <summary>Seconds from accepting a connection to its successful authentication; small devices on slow links take over 10.</summary>
    public const int ConnectTimeoutSeconds = 30;

    /// <summary>Seconds: the longest keep-alive; a client that asks for more, or for none, gets this.</summary>
    public const int MaxKeepAliveSeconds = 300;

    /// <summary>Seconds that a client may take nothing of what waits for it before it is cut.</summary>
    public const int StallTimeoutSeconds = 30;

    /// <summary>Seconds that a device's publish waits for room when control is slow.</summary>
    public const int BackpressureTimeoutSeconds = 5;

    /// <summary>Seconds after which a client that finds no place is asked to come back.</summary>
    public const int RetryAfterSeconds = 30;

    /// <summary>Connections a second, TLS handshake included, that one small server authenticates beside its work.</summary>
    public const int ReconnectsPerSecond = 200;

    /// <summary>Seconds between two statistics messages to control.</summary>
    public const int StatsIntervalSeconds = 10;

    /// <summary>Seconds without a request after which a session of long poll is over.</summary>
    public const int PollIdleTimeoutSeconds = 60;

    /// <summary>Path of MQTT over WebSocket.</summary>
    public const string WebSocketPath = "/mqtt";
}
