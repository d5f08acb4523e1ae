namespace Messaging.FleetServer.Commands;

/// <summary>How far one device of a set is. Its output stands with the device's own command.</summary>
/// <param name="WaitingFor">What it waits for, for people; null when it waits for nothing.</param>
internal sealed record CommandSetMemberView(
    string DeviceId, string DeviceName, string State, int? ExitCode, string Message, string? WaitingFor, DateTimeOffset? FinishedAt);
