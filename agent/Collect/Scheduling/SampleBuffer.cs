using System.Runtime.InteropServices;

namespace Messaging.Agent.Collect.Scheduling;

/// <summary>Holds the samples of one collection until it has succeeded as a whole. Reused; for one collection at a time.</summary>
internal sealed class SampleBuffer : IMetricRecorder
{
    private readonly List<Sample> _samples = [];

    public ReadOnlySpan<Sample> Samples => CollectionsMarshal.AsSpan(_samples);

    public void Record(MetricDefinition metric, AttributeSet attributes, double value)
    {
        if (double.IsFinite(value))
        {
            _samples.Add(new(metric, attributes, metric.Round(value)));
        }
    }

    public void Clear() => _samples.Clear();
}
