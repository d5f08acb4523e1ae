using Messaging.FleetServer.Api;

namespace Messaging.FleetServer.Telemetry.Queries;

/// <param name="TimeQuality">Of the least well known point: <c>exact</c>, <c>anchored</c> or <c>estimated</c>.</param>
/// <param name="Times">Unix milliseconds, rising.</param>
/// <param name="Values">As many; null marks a gap in collection.</param>
internal sealed record SeriesView(RawJson Attributes, IReadOnlyList<long> Times, IReadOnlyList<double?> Values, string TimeQuality);
