using Messaging.FleetServer.Files;

namespace Messaging.FleetServer.Events;

/// <summary>A file of a device began, came further or ended.</summary>
internal sealed record FileChanged(string DeviceId, FileRow File) : FleetEvent(DeviceId);
