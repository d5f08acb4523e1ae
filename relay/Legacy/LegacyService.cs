namespace Messaging.Relay.Legacy;

/// <summary>The calls of the legacy profile, whatever they come over.</summary>
internal sealed record LegacyService(LegacyConnections Connections, LegacyEvents Events, LegacyReceiver Receiver, LegacyDirectory Directory);
