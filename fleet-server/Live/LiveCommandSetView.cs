namespace Messaging.FleetServer.Live;

/// <summary>A command to many devices is further than before: read it again.</summary>
internal sealed record LiveCommandSetView(string Id);
