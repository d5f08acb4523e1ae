namespace Messaging.FleetServer.Telemetry.Queries;

/// <summary>What stays of the points of a slice of time.</summary>
internal enum SeriesAggregate
{
    /// <summary>First, lowest, highest and last: the line looks the same.</summary>
    Shape,
    Average,
    Minimum,
    Maximum,
}
