namespace Messaging.FleetServer.Events;

internal sealed record LogsStored(string DeviceId, IReadOnlyList<StoredLog> Lines) : FleetEvent(DeviceId);
