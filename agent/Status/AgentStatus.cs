namespace Messaging.Agent.Status;

internal sealed record AgentStatus(string Version, int ProcessId, DateTimeOffset StartedAt, string StateFolder, long ResidentBytes);
