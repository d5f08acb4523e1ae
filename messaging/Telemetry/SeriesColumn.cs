namespace Messaging.Telemetry;

/// <summary>The points of one series of a batch.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Definition">What the number stands for.</param>
/// <param name="Points">At least one; times ascend strictly.</param>
public readonly record struct SeriesColumn(uint Id, SeriesDefinition Definition, IReadOnlyList<MetricPoint> Points);
