namespace Messaging.FleetServer.Events;

/// <summary>Devices of a set are further than before. It is about no device in particular.</summary>
internal sealed record CommandSetChanged(string SetId) : FleetEvent("");
