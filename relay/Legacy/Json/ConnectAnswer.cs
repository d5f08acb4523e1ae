namespace Messaging.Relay.Legacy.Json;

/// <summary>What connect answers.</summary>
internal sealed record ConnectAnswer(string SessionId, string ChannelId, long Date, ChannelMetadata Metadata);
