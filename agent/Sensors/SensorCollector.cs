using System.Globalization;
using Messaging.Agent.Collect;
using Messaging.Agent.Configuration;
using Messaging.Agent.Events;

namespace Messaging.Agent.Sensors;

/// <summary>
/// A declared sensor: a collector of its own, so that it has its own interval and deadline and its failures are nobody else's.
/// </summary>
internal sealed class SensorCollector : ICollector
{
    private const string Prefix = "sensor.";
    private readonly string _sensor;
    private readonly SensorOptions _options;
    private readonly ISensorSource _source;
    private readonly BusThreads _buses;
    private readonly IEventSink _events;
    private readonly TimeProvider _time;
    private readonly int _busSharers;
    private readonly Thresholds _thresholds;
    private readonly List<Channel> _channels = [];
    private readonly double[] _values;

    /// <param name="sensor">The section's name.</param>
    /// <param name="options">The section.</param>
    /// <param name="source">What it reads.</param>
    /// <param name="buses">Threads for what may hang.</param>
    /// <param name="busSharers">How many sensors may wait for the same bus, this one included.</param>
    /// <param name="events">Where passed limits are reported.</param>
    /// <param name="time">For reporting on change.</param>
    public SensorCollector(
        string sensor, SensorOptions options, ISensorSource source, BusThreads buses, int busSharers, IEventSink events, TimeProvider time)
    {
        _sensor = sensor;
        _options = options;
        _source = source;
        _buses = buses;
        _busSharers = Math.Max(1, busSharers);
        _events = events;
        _time = time;
        _thresholds = Thresholds.Of(options);
        _values = new double[source.Quantities.Count];
        for (var index = 0; index < source.Quantities.Count; index++)
        {
            if (source.Quantities[index] is var quantity && (options.Quantity.Length == 0 || quantity.Word == options.Quantity))
            {
                _channels.Add(new Channel(index, Define(quantity), Attributes(quantity), new ChangeFilter(options.Deadband, options.ReportEvery)));
            }
        }

    }

    public string Name => NameOf(_sensor);

    public TimeSpan DefaultInterval => _options.Interval;

    public static string NameOf(string sensor) => Prefix + sensor;

    /// <summary>Sensors of one bus wait for each other.</summary>
    public TimeSpan Deadline(TimeSpan configured) => configured * _busSharers;

    public async ValueTask CollectAsync(IMetricRecorder recorder, CancellationToken ct)
    {
        try
        {
            if (_source.Bus is { } bus)
            {
                await _buses.RunAsync(bus, () => _source.Read(_values), ct);
            }
            else
            {
                _source.Read(_values);
            }
        }
        catch
        {
            foreach (var channel in _channels)
            {
                channel.Filter.Reset();
            }

            throw;
        }

        // Too late: it was given up.
        ct.ThrowIfCancellationRequested();
        Report(recorder);
    }

    private void Report(IMetricRecorder recorder)
    {
        var now = _time.GetElapsedTime(0);
        foreach (var channel in _channels)
        {
            var value = (_values[channel.Index] * _options.Scale) + _options.Offset;
            if (!double.IsFinite(value))
            {
                continue;
            }

            var hasPassedALimit = Judge(channel, value);
            if (channel.Filter.Passes(value, now) || hasPassedALimit)
            {
                recorder.Record(channel.Metric, channel.Attributes, value);
            }
        }
    }

    /// <summary>Whether the level changed.</summary>
    private bool Judge(Channel channel, double value)
    {
        var (before, level) = (channel.Level, _thresholds.Judge(value, channel.Level));
        if (level == before)
        {
            return false;
        }

        channel.Level = level;
        var severity = level switch
        {
            ThresholdLevel.Normal => DeviceEvent.Info,
            ThresholdLevel.CriticalHigh or ThresholdLevel.CriticalLow => DeviceEvent.Error,
            _ => DeviceEvent.Warning,
        };
        _events.Report(new DeviceEvent(SensorEvents.Threshold, severity,
        [
            new("sensor", _sensor),
            new("level", Word(level)),
            new("before", Word(before)),
            new("metric", channel.Metric.Name),
            new("value", value.ToString("0.######", CultureInfo.InvariantCulture)),
            new("unit", channel.Metric.Unit),
            new("limit", _thresholds.Limit(level)?.ToString(CultureInfo.InvariantCulture) ?? ""),
        ]));
        return true;
    }

    private static string Word(ThresholdLevel level) => level switch
    {
        ThresholdLevel.CriticalHigh => "high.critical",
        ThresholdLevel.WarningHigh => "high.warning",
        ThresholdLevel.WarningLow => "low.warning",
        ThresholdLevel.CriticalLow => "low.critical",
        _ => "normal",
    };

    private MetricDefinition Define(Quantity quantity)
    {
        var name = _options.Metric.Length > 0 ? _options.Metric : quantity.Metric?.Name ?? "";
        var unit = _options.Unit.Length > 0 ? _options.Unit : quantity.Metric?.Unit ?? "1";
        return quantity.Metric is { } metric && metric.Name == name && metric.Unit == unit
            ? metric
            : new MetricDefinition(name, unit, quantity.Metric?.Kind ?? InstrumentKind.Gauge);
    }

    private AttributeSet Attributes(Quantity quantity) => quantity == Quantities.Power || quantity == Quantities.Energy
        ? AttributeSet.Of(new("hw.id", _sensor), new("hw.name", _sensor), new("hw.type", quantity.Word))
        : AttributeSet.Of("hw.id", _sensor, "hw.name", _sensor);

    private sealed class Channel(int index, MetricDefinition metric, AttributeSet attributes, ChangeFilter filter)
    {
        public int Index => index;

        public MetricDefinition Metric => metric;

        public AttributeSet Attributes => attributes;

        public ChangeFilter Filter => filter;

        public ThresholdLevel Level { get; set; }
    }
}
