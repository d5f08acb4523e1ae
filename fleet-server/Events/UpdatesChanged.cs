namespace Messaging.FleetServer.Events;

/// <summary>Updates are further than before. It is about no device in particular.</summary>
internal sealed record UpdatesChanged() : FleetEvent("");
