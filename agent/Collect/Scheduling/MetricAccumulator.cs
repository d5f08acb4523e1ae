namespace Messaging.Agent.Collect.Scheduling;

/// <summary>
/// Keeps the samples of all collectors, a column a series, until they are drained. Thread-safe. Known series cost no allocation.
/// </summary>
internal sealed class MetricAccumulator(int maxSeries, int maxPoints = MetricAccumulator.DefaultMaxPoints)
{
    /// <summary>16 bytes each: bounds memory when nobody drains.</summary>
    public const int DefaultMaxPoints = 250_000;

    /// <summary>A series that stays away for so many drains (a process that ended) is forgotten.</summary>
    private const int MaxIdleDrains = 3;

    private readonly Lock _lock = new();
    private readonly Dictionary<SeriesKey, MetricSeries> _series = [];
    private readonly Dictionary<MetricDefinition, double> _latest = [];
    private int _points;
    private long _dropped;

    /// <summary>Samples dropped because of one of the bounds, since the start.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Points that wait.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _points;
            }
        }
    }

    /// <summary>Adds the samples of one collection, all at the same time.</summary>
    public void Add(long monotonicMs, ReadOnlySpan<Sample> samples)
    {
        lock (_lock)
        {
            foreach (var sample in samples)
            {
                if (sample.Attributes.Count == 0)
                {
                    _latest[sample.Metric] = sample.Value;
                }

                if (_points >= maxPoints || Find(sample) is not { } series)
                {
                    _dropped++;
                    continue;
                }

                series.Times.Add(monotonicMs);
                series.Values.Add(sample.Value);
                _points++;
            }
        }
    }

    /// <summary>Hands over every series that has points, and empties them. The visitor must not call back.</summary>
    /// <returns>The number of points.</returns>
    public int Drain(Action<MetricSeries> visit)
    {
        lock (_lock)
        {
            List<SeriesKey>? forgotten = null;
            foreach (var (key, series) in _series)
            {
                if (series.Values.Count > 0)
                {
                    visit(series);
                    series.Times.Clear();
                    series.Values.Clear();
                    series.IdleDrains = 0;
                }
                else if (++series.IdleDrains > MaxIdleDrains)
                {
                    (forgotten ??= []).Add(key);
                }
            }

            foreach (var key in forgotten ?? [])
            {
                _series.Remove(key);
            }

            var count = _points;
            _points = 0;
            return count;
        }
    }

    /// <summary>Shows every series that has points, and keeps them. The visitor must not call back.</summary>
    public void Peek(Action<MetricSeries> visit)
    {
        lock (_lock)
        {
            foreach (var series in _series.Values.Where(series => series.Values.Count > 0))
            {
                visit(series);
            }
        }
    }

    /// <summary>The newest values of series without attributes, by metric name.</summary>
    public void CopyLatest(IDictionary<string, double> target)
    {
        lock (_lock)
        {
            foreach (var (metric, value) in _latest)
            {
                target[metric.Name] = value;
            }
        }
    }

    private MetricSeries? Find(in Sample sample)
    {
        var key = new SeriesKey(sample.Metric, sample.Attributes);
        if (_series.TryGetValue(key, out var series))
        {
            return series;
        }

        if (_series.Count >= maxSeries)
        {
            return null;
        }

        series = new MetricSeries(sample.Metric, sample.Attributes);
        _series[key] = series;
        return series;
    }
}
