using Messaging.Agent.Collect;
using Messaging.Agent.Collect.Kernel;
using Messaging.Agent.Events;

namespace Messaging.Agent.Sensors.Kernel;

/// <summary>
/// Everything but temperatures that the hwmon chips of this machine measure, without being asked for, and their alarms: on a Raspberry Pi
/// one of them is an undervoltage. Looks for new ones every few minutes.
/// </summary>
internal sealed class HwmonCollector(KernelRoot root, IEventSink events, TimeProvider time) : ICollector
{
    private static readonly TimeSpan DiscoveryInterval = TimeSpan.FromMinutes(5);

    private readonly KernelReader _reader = new();
    private HwmonFindings _found = new([], []);
    private readonly HashSet<string> _raised = new(StringComparer.Ordinal);
    private long? _discoveredAt;

    public string Name => "hardware";

    public TimeSpan DefaultInterval => TimeSpan.FromSeconds(30);

    public ValueTask CollectAsync(IMetricRecorder recorder, CancellationToken ct)
    {
        if (_discoveredAt is not { } at || _found.IsEmpty || time.GetElapsedTime(at) >= DiscoveryInterval)
        {
            _found = HwmonDiscovery.Find(root);
            _discoveredAt = time.GetTimestamp();
        }

        if (_found.IsEmpty)
        {
            throw new CollectorUnavailableException($"no hwmon voltage, current, power, energy, fan, humidity or alarm under {root.SysPath("class/hwmon")}");
        }

        foreach (var channel in _found.Channels)
        {
            // A channel that is powered down answers with an error: it has no value now, the others do.
            if (_reader.TryRead(channel.Path, out var text) && Fields.TryParse(text, out var value))
            {
                recorder.Record(channel.Metric, channel.Attributes, value * channel.Factor);
            }
        }

        foreach (var alarm in _found.Alarms)
        {
            if (_reader.TryRead(alarm.Path, out var text) && Fields.TryParse(text, out var value) && (value != 0 ? _raised.Add(alarm.Id) : _raised.Remove(alarm.Id)))
            {
                events.Report(new DeviceEvent(
                    SensorEvents.HardwareAlarm,
                    value != 0 ? DeviceEvent.Warning : DeviceEvent.Info,
                    [new("alarm", alarm.Id), new("state", value != 0 ? "on" : "off")]));
            }
        }

        return ValueTask.CompletedTask;
    }
}
