using Messaging.Agent.Collect;

namespace Messaging.Agent.Gpio;

/// <summary>OpenTelemetry has no names for these.</summary>
internal static class GpioMetrics
{
    public static readonly MetricDefinition Value = new("gpio.line.value", "1", InstrumentKind.Gauge);
    public static readonly MetricDefinition Changes = new("gpio.line.changes", "{change}", InstrumentKind.Counter);
    public static readonly MetricDefinition DutyCycle = new("pwm.output.duty_cycle", "1", InstrumentKind.Gauge);
}
