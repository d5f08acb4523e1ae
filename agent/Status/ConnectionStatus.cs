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
    DateTimeOffset? LastAckAt);
