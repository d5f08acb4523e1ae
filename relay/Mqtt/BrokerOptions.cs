namespace Messaging.Relay.Mqtt;

/// <summary>The limits of the generic namespace.</summary>
internal sealed record BrokerOptions
{
    /// <summary>Bytes of one packet, either way.</summary>
    public int MaxPacketBytes { get; init; } = 1024 * 1024;

    /// <summary>Bytes of a CONNECT packet.</summary>
    public int MaxConnectBytes { get; init; } = 128 * 1024;

    public int MaxConnections { get; init; } = 20_000;

    /// <summary>Sessions, connected or not.</summary>
    public int MaxSessions { get; init; } = 50_000;

    public int MaxSubscriptionsPerSession { get; init; } = 1000;

    /// <summary>Messages of QoS 1 and 2 that wait for one session.</summary>
    public int MaxQueuedMessages { get; init; } = 10_000;

    /// <summary>Bytes of messages of QoS 1 and 2 that wait for one session.</summary>
    public long MaxQueuedBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Bytes that may wait to be sent on one connection: above it messages of QoS 0 are dropped, and those of QoS 1 and 2 wait in the session.</summary>
    public int MaxUnsentBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Bytes of what waits for all sessions, is in flight to them, and of their subscriptions.</summary>
    public long MaxHeldBytes { get; init; } = Math.Max(64 * 1024 * 1024, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4);

    public int MaxRetainedMessages { get; init; } = 100_000;

    public long MaxRetainedBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Messages of QoS 2 that a client may have begun, and of QoS 1 and 2 that it is sent at most before it acknowledges.</summary>
    public ushort ReceiveMaximum { get; init; } = 1000;

    public ushort TopicAliasMaximum { get; init; } = 64;

    /// <summary>Whether messages can be retained.</summary>
    public bool IsRetainAvailable { get; init; } = true;

    /// <summary>Whether subscriptions can be shared.</summary>
    public bool IsSharedSubscriptionAvailable { get; init; } = true;

    /// <summary>How long a connection may take to send CONNECT.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a client may take nothing of what waits for it.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest that a session is kept, in seconds.</summary>
    public uint MaxSessionExpirySeconds { get; init; } = 7 * 24 * 3600;
}
