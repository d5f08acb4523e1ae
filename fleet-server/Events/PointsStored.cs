namespace Messaging.FleetServer.Events;

internal sealed record PointsStored(string DeviceId, IReadOnlyList<StoredSeries> Series) : FleetEvent(DeviceId);
