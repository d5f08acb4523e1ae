namespace Messaging.FleetServer.Telemetry.Queries;

/// <summary>Points of a metric, oldest first.</summary>
/// <param name="Truncated">There were more than the limit; these are the newest.</param>
internal sealed record PointsView(string Name, string Unit, IReadOnlyList<PointView> Points, bool Truncated);
