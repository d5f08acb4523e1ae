namespace Messaging.FleetServer.Events;

/// <summary>An update of a device is further, or what the device has is another: read it again.</summary>
internal sealed record UpdateChanged(string DeviceId, string CommandId) : FleetEvent(DeviceId);
