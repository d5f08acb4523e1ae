using Messaging.Agent.Collect;
using static Messaging.Agent.Collect.InstrumentKind;

namespace Messaging.Agent.Sensors;

/// <summary>
/// Every quantity. hw.temperature, hw.voltage, hw.power, hw.energy and hw.fan.* are OpenTelemetry's; the conventions (v1.44.0) have no
/// name for the others, which are made in their manner. docs/reference/sensors.md lists them; a test compares the two.
/// </summary>
internal static class Quantities
{
    public static readonly Quantity Temperature = new("temperature", SystemMetrics.Temperature);
    public static readonly Quantity Voltage = new("voltage", SystemMetrics.Voltage);
    public static readonly Quantity Current = new("current", SystemMetrics.Current);
    public static readonly Quantity Power = new("power", SystemMetrics.Power);
    public static readonly Quantity Energy = new("energy", SystemMetrics.Energy);
    public static readonly Quantity FanSpeed = new("fan-speed", SystemMetrics.FanSpeed);
    public static readonly Quantity FanRatio = new("fan-ratio", SystemMetrics.FanRatio);
    public static readonly Quantity Humidity = new("humidity", SystemMetrics.Humidity);
    public static readonly Quantity Pressure = new("pressure", Gauged("hw.pressure", "Pa"));
    public static readonly Quantity Illuminance = new("illuminance", Gauged("hw.illuminance", "lx"));
    public static readonly Quantity Distance = new("distance", Gauged("hw.distance", "m"));
    public static readonly Quantity Resistance = new("resistance", Gauged("hw.resistance", "Ohm"));
    public static readonly Quantity Acceleration = new("acceleration", Gauged("hw.acceleration", "m/s2"));
    public static readonly Quantity AngularVelocity = new("angular-velocity", Gauged("hw.angular_velocity", "rad/s"));
    public static readonly Quantity MagneticFluxDensity = new("magnetic-flux-density", Gauged("hw.magnetic_flux_density", "T"));
    public static readonly Quantity Concentration = new("concentration", Gauged("hw.concentration", "[ppm]"));
    public static readonly Quantity DutyCycle = new("duty-cycle", Gauged("hw.pwm.duty_cycle", "1"));

    /// <summary>A number that means what configuration says.</summary>
    public static readonly Quantity Value = new("value", null);

    public static readonly IReadOnlyList<Quantity> All =
    [
        Temperature, Voltage, Current, Power, Energy, FanSpeed, FanRatio, Humidity, Pressure, Illuminance, Distance, Resistance, Acceleration,
        AngularVelocity, MagneticFluxDensity, Concentration, DutyCycle, Value,
    ];

    public static readonly IReadOnlyList<string> Words = [.. All.Select(quantity => quantity.Word)];

    private static MetricDefinition Gauged(string name, string unit) => new(name, unit, Gauge);
}
