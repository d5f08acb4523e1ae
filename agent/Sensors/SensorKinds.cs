using Messaging.Agent.Sensors.Drivers;

namespace Messaging.Agent.Sensors;

/// <summary>What <c>Kind</c> of a sensor may be.</summary>
internal static class SensorKinds
{
    public const string OneWire = "one-wire";
    public const string Hwmon = "hwmon";
    public const string Iio = "iio";
    public const string Thermal = "thermal";
    public const string Pwm = "pwm";
    public const string File = "file";

    /// <summary>What the kernel has a driver for.</summary>
    public static readonly IReadOnlyList<string> Kernel = [OneWire, Hwmon, Iio, Thermal, Pwm, File];

    public static readonly IReadOnlyList<string> All = [.. Kernel, .. DriverCatalog.Kinds];
}
