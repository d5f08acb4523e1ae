namespace Messaging.FleetServer.Events;

/// <summary>Something that just became true and durable, for whoever watches live.</summary>
/// <param name="DeviceId">32 lower hex digits.</param>
internal abstract record FleetEvent(string DeviceId);
