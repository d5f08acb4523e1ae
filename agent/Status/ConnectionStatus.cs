namespace Messaging.Agent.Status;

/// <param name="state"><c>connected</c>, <c>connecting</c>, <c>waiting</c> or <c>off</c>.</param>
/// <param name="endpoint">Where to, without secrets.</param>
/// <param name="since">When it came into this state.</param>
/// <param name="nextAttemptAt">When <c>waiting</c>.</param>
/// <param name="failedAttempts">In a row.</param>
/// <param name="lastError">Why the last attempt failed or the last connection ended.</param>
/// <param name="epochNo">The current epoch of this device.</param>
/// <param name="lastAckAt">When the server last confirmed that it has stored something.</param>
internal sealed class ConnectionStatus(
    string state,
    string? endpoint,
    DateTimeOffset? since,
    DateTimeOffset? nextAttemptAt,
    int failedAttempts,
    string? lastError,
    ulong? epochNo,
    DateTimeOffset? lastAckAt)
{
    public string State { get; } = state;

    public string? Endpoint { get; } = endpoint;

    public DateTimeOffset? Since { get; } = since;

    public DateTimeOffset? NextAttemptAt { get; } = nextAttemptAt;

    public int FailedAttempts { get; } = failedAttempts;

    public string? LastError { get; } = lastError;

    public ulong? EpochNo { get; } = epochNo;

    public DateTimeOffset? LastAckAt { get; } = lastAckAt;

    /// <summary><c>MQTT over TLS</c>, <c>WebSocket over TLS</c>, <c>long poll over TLS</c>, or the same <c>without TLS</c>.</summary>
    public string? Transport { get; init; }

    /// <summary>The HTTP proxy on the way.</summary>
    public string? Proxy { get; init; }

    /// <summary>Where the next attempt goes, when <c>waiting</c>.</summary>
    public string? NextEndpoint { get; init; }

    /// <summary>When <c>waiting</c>: the relay has asked for it.</summary>
    public bool AskedToWait { get; init; }

    /// <summary>When <c>connecting</c>: until then.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>A better transport that is tried while this one goes on.</summary>
    public string? BetterEndpoint { get; init; }

    /// <summary>When it is tried.</summary>
    public DateTimeOffset? BetterAt { get; init; }

    /// <summary>Why it was not better the last time.</summary>
    public string? BetterError { get; init; }
}
