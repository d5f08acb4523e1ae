namespace Messaging.Relay.Legacy.Json;

/// <summary>POST /list-agents and /disconnect.</summary>
internal sealed record SessionRequest(string? SessionId);
