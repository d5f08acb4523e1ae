namespace Messaging.Agent.Collect.Scheduling;

/// <summary>What tells one series from another.</summary>
internal readonly record struct SeriesKey(MetricDefinition Metric, AttributeSet Attributes)
{
    /// <summary>Definitions are few and shared: by name is enough for the hash.</summary>
    public override int GetHashCode() => HashCode.Combine(Metric.Name.GetHashCode(StringComparison.Ordinal), Attributes.GetHashCode());
}
