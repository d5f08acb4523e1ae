namespace Messaging.Cli.Recordings;

/// <summary>A recording, as the server answers it.</summary>
/// <param name="Id">The command that opened the shell.</param>
/// <param name="Actor">Who created it, by the server's word.</param>
/// <param name="Ended">complete or broken-off, by the device's word.</param>
/// <param name="State">How far it is at the server.</param>
internal sealed record RecordingReply(
    string? Id,
    string? DeviceId,
    string? DeviceName,
    string? Actor,
    string? SignedBy,
    DateTimeOffset StartedAt,
    long? LastedMs,
    string? Ended,
    long Size,
    string? Sha256,
    string? State,
    string? Reason,
    DateTimeOffset ReceivedAt);
