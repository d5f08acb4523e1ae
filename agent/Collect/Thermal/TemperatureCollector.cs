using Messaging.Agent.Collect.Kernel;

namespace Messaging.Agent.Collect.Thermal;

/// <summary>Thermal zones and hwmon sensors of /sys/class; looks for new ones every few minutes.</summary>
internal sealed class TemperatureCollector(KernelRoot root, TimeProvider time) : ICollector
{
    private static readonly TimeSpan DiscoveryInterval = TimeSpan.FromMinutes(5);

    private readonly KernelReader _reader = new();
    private IReadOnlyList<TemperatureSensor> _sensors = [];
    private long? _discoveredAt;

    public string Name => "temperature";

    public TimeSpan DefaultInterval => TimeSpan.FromSeconds(30);

    public ValueTask CollectAsync(IMetricRecorder recorder, CancellationToken ct)
    {
        if (_discoveredAt is not { } at || _sensors.Count == 0 || time.GetElapsedTime(at) >= DiscoveryInterval)
        {
            _sensors = SensorDiscovery.Find(root);
            _discoveredAt = time.GetTimestamp();
        }

        if (_sensors.Count == 0)
        {
            throw new CollectorUnavailableException($"no thermal zone and no hwmon temperature under {root.SysPath("class")}");
        }

        for (var i = 0; i < _sensors.Count; i++)
        {
            // A sensor that is powered down answers with an error: it has no value now, the others do.
            if (_reader.TryRead(_sensors[i].Path, out var text) && Fields.TryParse(text, out var milliCelsius))
            {
                recorder.Record(SystemMetrics.Temperature, _sensors[i].Attributes, milliCelsius / 1000.0);
            }
        }

        return ValueTask.CompletedTask;
    }
}
