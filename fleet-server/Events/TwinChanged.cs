namespace Messaging.FleetServer.Events;

/// <summary>What a device is to be like, or what it says that it is like, is another: read it again.</summary>
internal sealed record TwinChanged(string DeviceId) : FleetEvent(DeviceId);
