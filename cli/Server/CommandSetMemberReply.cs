namespace Messaging.Cli.Server;

/// <summary>How far one device of a set is.</summary>
internal sealed record CommandSetMemberReply(string? DeviceId, string? DeviceName, string? State, int? ExitCode, string? Message, string? WaitingFor);
