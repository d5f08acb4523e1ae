using Messaging.Agent.Collect;
using Messaging.Agent.Collect.Kernel;

namespace Messaging.Agent.Sensors.Kernel;

internal sealed record HwmonFindings(IReadOnlyList<HwmonFindings.Channel> Channels, IReadOnlyList<HwmonFindings.Alarm> Alarms)
{
    public bool IsEmpty => Channels.Count == 0 && Alarms.Count == 0;

    /// <param name="Path">The file with the value.</param>
    /// <param name="Metric">What it is.</param>
    /// <param name="Attributes">hw.id and hw.name; hw.sensor_location where the driver has a label; hw.type where the metric asks for it.</param>
    /// <param name="Factor">From the file's unit to the metric's.</param>
    internal sealed record Channel(KernelPath Path, MetricDefinition Metric, AttributeSet Attributes, double Factor);

    /// <param name="Path">A file with 0 or 1.</param>
    /// <param name="Id">Such as <c>hwmon:rpi_volt:in0_lcrit</c>.</param>
    internal sealed record Alarm(KernelPath Path, string Id);
}
