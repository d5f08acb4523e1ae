namespace Messaging.Agent.Status;

/// <param name="State"><c>connected</c>, <c>connecting</c>, <c>waiting</c> or <c>off</c>.</param>
/// <param name="Endpoint">Where to, without secrets.</param>
/// <param name="Since">When it came into this state.</param>
/// <param name="NextAttemptAt">When <c>waiting</c>.</param>
/// <param name="FailedAttempts">In a row.</param>
/// <param name="LastError">Why the last attempt failed or the last connection ended.</param>
/// <param name="EpochNo">The current epoch of this device.</param>
/// <param name="LastAckAt">When the server last confirmed that it has stored something.</param>
internal sealed record ConnectionStatus(
    string State,
    string? Endpoint,
    DateTimeOffset? Since,
    DateTimeOffset? NextAttemptAt,
    int FailedAttempts,
    string? LastError,
    ulong? EpochNo,
    DateTimeOffset? LastAckAt)
{
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
