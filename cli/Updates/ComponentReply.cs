namespace Messaging.Cli.Updates;

/// <summary>What a device has, as it has signed.</summary>
internal sealed record ComponentReply(string? Name, string? Kind, string? Version, long Counter, string? Sha256, DateTimeOffset Since, string? CommandId);
