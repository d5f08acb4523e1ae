namespace Messaging.FleetServer.Live;

/// <summary>An update of a device is further: read it again.</summary>
internal sealed record LiveUpdateView(string DeviceId, string CommandId);
