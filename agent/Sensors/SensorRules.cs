using Messaging.Agent.Configuration;
using Messaging.Agent.Sensors.Drivers;
using Messaging.Agent.Sensors.Kernel;

namespace Messaging.Agent.Sensors;

/// <summary>What the options of a declared sensor must fulfil together.</summary>
internal static class SensorRules
{
    public static IEnumerable<OptionProblem> Check(string name, SensorOptions options)
    {
        string Key(string option) => $"Sensor:{name}:{option}";

        if (options.Kind.Length == 0)
        {
            yield return new OptionProblem(Key("Kind"), $"is missing: one of {string.Join(", ", SensorKinds.All)}", Key("Id"));
            yield break;
        }

        if (DriverCatalog.Find(options.Kind) is not null && !DriverCatalog.IsBuiltIn)
        {
            yield return new OptionProblem(
                Key("Kind"), $"a {options.Kind} can be read only by an agent that was built with -p:DeviceBindings=true, and this one was not");
            yield break;
        }

        if (IdProblem(options) is { } wrong)
        {
            yield return new OptionProblem(Key("Id"), wrong, Key("Kind"));
            yield break;
        }

        var quantities = SensorFactory.QuantitiesOf(options);
        if (options.Quantity.Length > 0 && quantities.All(quantity => quantity.Word != options.Quantity))
        {
            yield return new OptionProblem(Key("Quantity"), $"it measures {string.Join(", ", quantities.Select(quantity => quantity.Word))}");
            yield break;
        }

        if (options.Metric.Length == 0 && quantities is [{ Metric: null }])
        {
            yield return new OptionProblem(Key("Metric"), "is missing: what is read has no name of its own, such as tank.level", Key("Kind"));
        }

        if (options.Metric.Length > 0 && !IsMetricName(options.Metric))
        {
            yield return new OptionProblem(Key("Metric"), $"'{options.Metric}' is not a name such as tank.level: letters, digits, dots and _, at most 128");
        }

        if (options.Unit.Length > 63)
        {
            yield return new OptionProblem(Key("Unit"), "is longer than 63 characters");
        }

        if (quantities.Count > 1 && options.Quantity.Length == 0
            && (options.Metric.Length > 0 ? "Metric" : options.Unit.Length > 0 ? "Unit" : Thresholds.Of(options).IsEmpty ? null : "WarnAbove") is { } only)
        {
            yield return new OptionProblem(
                Key("Quantity"), $"is missing: the device measures {string.Join(", ", quantities.Select(quantity => quantity.Word))}, and limits, Metric and Unit are for one of them", Key(only));
        }

        foreach (var (low, high) in OutOfOrder(options))
        {
            yield return new OptionProblem(Key(high), $"must be more than {low}", Key(low));
        }
    }

    private static IEnumerable<(string Low, string High)> OutOfOrder(SensorOptions options)
    {
        (string Name, double? Value)[] limits =
        [
            ("CriticalBelow", options.CriticalBelow), ("WarnBelow", options.WarnBelow), ("WarnAbove", options.WarnAbove), ("CriticalAbove", options.CriticalAbove),
        ];
        (string Name, double Value)? last = null;
        foreach (var (name, value) in limits)
        {
            if (value is not { } limit)
            {
                continue;
            }

            if (last is { } low && low.Value >= limit)
            {
                yield return (low.Name, name);
            }

            last = (name, limit);
        }
    }

    private static string? IdProblem(SensorOptions options)
    {
        var parts = options.Id.Split('/');
        var (isRight, example) = options.Kind switch
        {
            SensorKinds.OneWire => (IsOneWire(options.Id), "28-0123456789ab, as in /sys/bus/w1/devices"),
            SensorKinds.Hwmon => (
                parts is [{ Length: > 0 }, var channel] && KernelName.IsNumbered(channel, "temp", "in", "curr", "power", "energy", "fan", "humidity", "pwm"),
                "coretemp/temp1: what is in /sys/class/hwmon/*/name, and a channel temp, in, curr, power, energy, fan, humidity or pwm with its number"),
            SensorKinds.Iio => (
                parts is [{ Length: > 0 }, ['i', 'n', '_', _, ..]],
                "bme280/in_temp: what is in /sys/bus/iio/devices/*/name, and a channel in_..."),
            SensorKinds.Pwm => (IsPwm(parts), "pwmchip0/0, as in /sys/class/pwm"),
            SensorKinds.File => (options.Id.Length > 1 && Path.IsPathRooted(options.Id) && !options.Id.EndsWith('/'), "the absolute path of a file that holds a number"),
            _ when DriverCatalog.Find(options.Kind) is not null => (DriverCatalog.Place(options.Kind, options.Id) is not null, DriverCatalog.Example(options.Kind)),
            _ => (parts is [{ Length: > 0 }], "cpu-thermal: what is in /sys/class/thermal/*/type"),
        };
        return isRight ? null : options.Id.Length == 0 ? $"is missing: such as {example}" : $"'{options.Id}' is not {example}";
    }

    /// <summary>Family and number, as the kernel writes them.</summary>
    private static bool IsOneWire(string id) =>
        id is [_, _, '-', ..] && id.Length == 15 && id.Remove(2, 1).All(char.IsAsciiHexDigitLower);

    public static bool IsPwm(string[] parts) =>
        parts is [var chip, { Length: > 0 and <= 3 } number] && KernelName.IsNumbered(chip, "pwmchip") && number.All(char.IsAsciiDigit);

    private static bool IsMetricName(string name) =>
        char.IsAsciiLetter(name[0]) && name.Length <= 128 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_');
}
