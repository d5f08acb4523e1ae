namespace Messaging.Relay.Mqtt.Durability;

/// <summary>What is kept of a session beside its subscriptions and messages.</summary>
/// <param name="Number">Its number in the file.</param>
/// <param name="ClientId">Its name.</param>
/// <param name="ExpirySeconds">How long it is kept without a connection.</param>
/// <param name="LeftUnixMs">When its connection ended; null: it has one.</param>
internal readonly record struct SessionState(long Number, byte[] ClientId, uint ExpirySeconds, long? LeftUnixMs);
