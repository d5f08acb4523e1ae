namespace Messaging.Agent.Collect;

/// <summary>Takes the samples of one collection; all of them get the time at which the collection began.</summary>
internal interface IMetricRecorder
{
    /// <summary>
    /// Records one sample. Definitions and attribute sets are made once and reused, so that recording allocates nothing.
    /// A value that is not finite is ignored.
    /// </summary>
    void Record(MetricDefinition metric, AttributeSet attributes, double value);
}
