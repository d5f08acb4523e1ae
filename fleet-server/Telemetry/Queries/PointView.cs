using Messaging.FleetServer.Api;

namespace Messaging.FleetServer.Telemetry.Queries;

/// <param name="Value">Null stands for a number that JSON does not have.</param>
internal sealed record PointView(DateTimeOffset Time, double? Value, RawJson Attributes);
