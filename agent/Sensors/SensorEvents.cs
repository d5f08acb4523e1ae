namespace Messaging.Agent.Sensors;

/// <summary>Names of the events about sensors. Listed in docs/reference/sensors.md.</summary>
internal static class SensorEvents
{
    /// <summary>sensor, level, before, metric, value, unit, limit.</summary>
    public const string Threshold = "sensor.threshold";

    /// <summary>alarm (hw.id of the chip and the driver's name of the alarm), state: on or off.</summary>
    public const string HardwareAlarm = "hardware.alarm";
}
