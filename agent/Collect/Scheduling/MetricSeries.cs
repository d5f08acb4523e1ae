namespace Messaging.Agent.Collect.Scheduling;

/// <summary>The points of one series since the last drain, in the order of recording.</summary>
internal sealed class MetricSeries(MetricDefinition metric, AttributeSet attributes)
{
    public MetricDefinition Metric { get; } = metric;

    public AttributeSet Attributes { get; } = attributes;

    public List<long> Times { get; } = [];

    public List<double> Values { get; } = [];

    /// <summary>Drains in a row that found nothing here.</summary>
    public int IdleDrains { get; set; }
}
