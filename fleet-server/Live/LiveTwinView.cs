namespace Messaging.FleetServer.Live;

/// <summary>A device's twin changed: read it again.</summary>
internal sealed record LiveTwinView(string DeviceId);
