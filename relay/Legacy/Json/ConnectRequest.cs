namespace Messaging.Relay.Legacy.Json;

/// <summary>POST /connect.</summary>
/// <param name="ChannelPassword">The hash of the password.</param>
/// <param name="SessionId">A session that is to go on.</param>
internal sealed record ConnectRequest(
    string? ChannelId, string? ChannelName, string? ChannelPassword, string? AgentName, RawJson? AgentContext, string? SessionId);
