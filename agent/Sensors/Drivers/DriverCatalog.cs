using System.Globalization;
using Messaging.Agent.Sensors.Kernel;

namespace Messaging.Agent.Sensors.Drivers;

/// <summary>
/// Devices that have no driver in the kernel, by name. They are known to every agent, so that it can say what is missing; only one that is
/// built with <c>-p:DeviceBindings=true</c> can read them.
/// </summary>
internal static class DriverCatalog
{
    private static readonly Dictionary<string, IReadOnlyList<Quantity>> Devices = new(StringComparer.Ordinal)
    {
        ["ads1115"] = [Quantities.Voltage],
        ["aht20"] = [Quantities.Temperature, Quantities.Humidity],
        ["bh1750"] = [Quantities.Illuminance],
        ["bme280"] = [Quantities.Temperature, Quantities.Humidity, Quantities.Pressure],
        ["bmp280"] = [Quantities.Temperature, Quantities.Pressure],
        ["dht11"] = [Quantities.Temperature, Quantities.Humidity],
        ["dht22"] = [Quantities.Temperature, Quantities.Humidity],
        ["ina219"] = [Quantities.Voltage, Quantities.Current, Quantities.Power],
        ["lm75"] = [Quantities.Temperature],
        ["max44009"] = [Quantities.Illuminance],
        ["mcp9808"] = [Quantities.Temperature],
        ["scd4x"] = [Quantities.Concentration, Quantities.Temperature, Quantities.Humidity],
        ["sht3x"] = [Quantities.Temperature, Quantities.Humidity],
        ["sht4x"] = [Quantities.Temperature, Quantities.Humidity],
        ["si7021"] = [Quantities.Temperature, Quantities.Humidity],
        ["vl53l0x"] = [Quantities.Distance],
    };

    public static IReadOnlyList<string> Kinds { get; } = [.. Devices.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Whether this agent can read them.</summary>
    public static bool IsBuiltIn =>
#if DEVICE_BINDINGS
        true;
#else
        false;
#endif

    /// <summary>Null when there is no such device.</summary>
    public static IReadOnlyList<Quantity>? Find(string kind) => Devices.GetValueOrDefault(kind);

    /// <summary>Null when it does not name a place; of <c>i2c-1/0x76</c> the bus, the address and channel 0, of <c>gpiochip0/4</c> chip and line.</summary>
    public static (int Bus, int Address, int Channel)? Place(string kind, string id)
    {
        var parts = id.Split('/');
        if (kind is "dht11" or "dht22")
        {
            return parts.Length == 2 && KernelName.IsNumbered(parts[0], "gpiochip") && Number(parts[1]) is { } line
                ? (Number(parts[0]["gpiochip".Length..])!.Value, line, 0)
                : null;
        }

        var channel = kind == "ads1115" ? Number(parts is [_, _, var last] ? last : "") : parts.Length == 2 ? 0 : null;
        return parts.Length >= 2 && parts[0].StartsWith("i2c-", StringComparison.Ordinal) && Number(parts[0]["i2c-".Length..]) is { } bus
            && parts[1].StartsWith("0x", StringComparison.Ordinal)
            && int.TryParse(parts[1].AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var address)
            && address is >= 0x03 and <= 0x77 && channel is >= 0 and <= 3
            ? (bus, address, channel.Value)
            : null;
    }

    public static string Example(string kind) => kind switch
    {
        "dht11" or "dht22" => "gpiochip0/4: the GPIO chip and the line",
        "ads1115" => "i2c-1/0x48/0: the I2C bus, the address and the channel, 0 to 3",
        _ => "i2c-1/0x76: the I2C bus, as in /dev, and the address",
    };

    private static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < 1000 ? number : null;
}
