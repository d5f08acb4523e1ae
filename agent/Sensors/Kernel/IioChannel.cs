namespace Messaging.Agent.Sensors.Kernel;

/// <summary>A channel of an IIO device: Documentation/ABI/testing/sysfs-bus-iio of the kernel.</summary>
/// <param name="Type">The channel without its number, whose scale and offset all channels of the type may share.</param>
/// <param name="Quantity">What it measures.</param>
/// <param name="Factor">From the kernel's unit to the quantity's.</param>
internal readonly record struct IioChannel(string Type, Quantity Quantity, double Factor)
{
    private static readonly (string Type, Quantity Quantity, double Factor)[] Types =
    [
        ("in_temp", Quantities.Temperature, 1e-3),
        ("in_voltage", Quantities.Voltage, 1e-3),
        ("in_current", Quantities.Current, 1e-3),
        ("in_power", Quantities.Power, 1e-3),
        ("in_energy", Quantities.Energy, 1),
        ("in_humidityrelative", Quantities.Humidity, 1e-5),
        ("in_pressure", Quantities.Pressure, 1e3),
        ("in_illuminance", Quantities.Illuminance, 1),
        ("in_distance", Quantities.Distance, 1),
        ("in_resistance", Quantities.Resistance, 1),
        ("in_accel", Quantities.Acceleration, 1),
        ("in_anglvel", Quantities.AngularVelocity, 1),
        ("in_magn", Quantities.MagneticFluxDensity, 1e-4),
        ("in_concentration", Quantities.Concentration, 1e4),
    ];

    /// <param name="channel">Such as <c>in_temp</c> or <c>in_voltage0</c>.</param>
    public static IioChannel Of(string channel)
    {
        foreach (var (type, quantity, factor) in Types)
        {
            if (channel.StartsWith(type, StringComparison.Ordinal) && (channel.Length == type.Length || !char.IsAsciiLetter(channel[type.Length])))
            {
                return new(type, quantity, factor);
            }
        }

        return new(channel, Quantities.Value, 1);
    }
}
