using Messaging.Agent.Collect.Kernel;

namespace Messaging.Agent.Collect.Thermal;

/// <param name="Path">A file with millidegrees Celsius.</param>
/// <param name="Attributes">hw.id and hw.name, hw.sensor_location when the driver names it.</param>
internal sealed record TemperatureSensor(KernelPath Path, AttributeSet Attributes);
