using Messaging.Agent.Collect;

namespace Messaging.Agent.Tests.Collect;

/// <summary>Remembers what a collector records, found by "name{key=value,...}".</summary>
internal sealed class RecordedSamples : IMetricRecorder
{
    private readonly Dictionary<string, double> _values = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, double> Values => _values;

    public HashSet<MetricDefinition> Metrics { get; } = [];

    public double this[string series] =>
        _values.TryGetValue(series, out var value) ? value : throw new KeyNotFoundException($"{series} is not among\n{string.Join('\n', _values.Keys)}");

    public void Record(MetricDefinition metric, AttributeSet attributes, double value)
    {
        Metrics.Add(metric);
        Assert.True(_values.TryAdd(metric.Name + (attributes.Count == 0 ? "" : attributes.ToString()), value), $"{metric.Name}{attributes} twice");
    }

    public static async Task<RecordedSamples> Of(ICollector collector)
    {
        var samples = new RecordedSamples();
        await collector.CollectAsync(samples, TestContext.Current.CancellationToken);
        return samples;
    }
}
