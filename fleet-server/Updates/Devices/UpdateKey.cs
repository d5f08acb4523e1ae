namespace Messaging.FleetServer.Updates.Devices;

/// <summary>Which update of which device.</summary>
internal readonly record struct UpdateKey(string DeviceId, string CommandId);
