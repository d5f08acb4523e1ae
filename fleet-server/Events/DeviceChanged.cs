namespace Messaging.FleetServer.Events;

/// <summary>The registry's entry or the presence of a device changed; read it there.</summary>
internal sealed record DeviceChanged(string DeviceId) : FleetEvent(DeviceId);
