namespace Messaging.Agent.Sensors.Kernel;

/// <summary>A channel of a hwmon chip: Documentation/hwmon/sysfs-interface.rst of the kernel.</summary>
/// <param name="Quantity">What it measures.</param>
/// <param name="File">The file with its value.</param>
/// <param name="Factor">From the file's unit to the quantity's.</param>
internal readonly record struct HwmonChannel(Quantity Quantity, string File, double Factor)
{
    /// <param name="channel">Such as <c>temp1</c> or <c>in0</c>.</param>
    public static HwmonChannel Of(string channel) => KernelName.Letters(channel) switch
    {
        "temp" => new(Quantities.Temperature, channel + "_input", 1e-3),
        "in" => new(Quantities.Voltage, channel + "_input", 1e-3),
        "curr" => new(Quantities.Current, channel + "_input", 1e-3),
        "power" => new(Quantities.Power, channel + "_input", 1e-6),
        "energy" => new(Quantities.Energy, channel + "_input", 1e-6),
        "fan" => new(Quantities.FanSpeed, channel + "_input", 1),
        "humidity" => new(Quantities.Humidity, channel + "_input", 1e-5),
        "pwm" => new(Quantities.FanRatio, channel, 1 / 255.0),
        _ => new(Quantities.Value, channel + "_input", 1),
    };
}
