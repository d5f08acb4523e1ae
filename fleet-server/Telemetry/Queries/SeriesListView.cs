namespace Messaging.FleetServer.Telemetry.Queries;

/// <summary>The series of a metric, by column, for charts.</summary>
internal sealed record SeriesListView(string Name, string Unit, string Kind, IReadOnlyList<SeriesView> Series);
