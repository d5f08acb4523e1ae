namespace Messaging.Relay.Legacy.Json;

/// <summary>POST /create-channel.</summary>
/// <param name="ChannelPassword">The hash of the password.</param>
internal sealed record CreateRequest(string? ChannelName, string? ChannelPassword);
