using Messaging.Agent.Collect.Kernel;
using Messaging.Agent.Configuration;
using Messaging.Agent.Sensors.Drivers;
using Messaging.Agent.Sensors.Kernel;

namespace Messaging.Agent.Sensors;

/// <summary>Makes what reads a declared sensor. The options are validated before.</summary>
internal static class SensorFactory
{
    public static ISensorSource Create(SensorOptions options, KernelRoot root) => options.Kind switch
    {
        SensorKinds.OneWire => new OneWireSource(root, options.Id),
        SensorKinds.Hwmon => new HwmonSource(root, Device(options.Id), Channel(options.Id)),
        SensorKinds.Iio => new IioSource(root, Device(options.Id), Channel(options.Id)),
        SensorKinds.Thermal => new ThermalSource(root, options.Id),
        SensorKinds.Pwm => new PwmSource(root, Device(options.Id), Channel(options.Id)),
#if DEVICE_BINDINGS
        _ when DriverCatalog.Find(options.Kind) is not null => new BoundSource(options.Kind, options.Id),
#endif
        _ => new FileSource(options.Id),
    };

    /// <summary>What the sensor gives.</summary>
    public static IReadOnlyList<Quantity> QuantitiesOf(SensorOptions options) => options.Kind switch
    {
        SensorKinds.OneWire or SensorKinds.Thermal => [Quantities.Temperature],
        SensorKinds.Hwmon => [HwmonChannel.Of(Channel(options.Id)).Quantity],
        SensorKinds.Iio => [IioChannel.Of(Channel(options.Id)).Quantity],
        SensorKinds.Pwm => [Quantities.DutyCycle],
        _ => DriverCatalog.Find(options.Kind) ?? [Quantities.Value],
    };

    private static string Device(string id) => id[..id.IndexOf('/', StringComparison.Ordinal)];

    private static string Channel(string id) => id[(id.IndexOf('/', StringComparison.Ordinal) + 1)..];
}
