namespace Messaging.Relay.Legacy.Json;

/// <summary>What receive answers.</summary>
internal sealed record ReceiveAnswer(List<RawJson> Events, long NextGlobalOffset, long NextLocalOffset);
