using Messaging.FleetServer.Api;

namespace Messaging.FleetServer.Telemetry.Queries;

/// <param name="TimeQuality"><c>exact</c>, <c>anchored</c> or <c>estimated</c>.</param>
/// <param name="Value">Null stands for a number that JSON does not have.</param>
internal sealed record PointView(DateTimeOffset Time, double? Value, RawJson Attributes, string TimeQuality);
