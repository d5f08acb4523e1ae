namespace Messaging.Relay.Legacy.Json;

/// <summary>POST /event, and a push over UDP.</summary>
internal sealed record EventRequest(
    string? SessionId, string? Type, string? To, bool? Encrypted, string? Content, Dictionary<string, RawJson?>? OtherProperties);
