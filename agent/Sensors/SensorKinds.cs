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

    public static readonly IReadOnlyList<string> All = [OneWire, Hwmon, Iio, Thermal, Pwm, File];
}
