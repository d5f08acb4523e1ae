namespace Messaging.Relay.Legacy.Json;

/// <summary>An agent that is connected.</summary>
internal sealed record AgentView(string AgentName, RawJson? AgentContext);
