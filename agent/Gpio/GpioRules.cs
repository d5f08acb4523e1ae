using Messaging.Agent.Configuration;
using Messaging.Agent.Sensors;

namespace Messaging.Agent.Gpio;

/// <summary>What the options of GPIO lines and PWM outputs must fulfil together.</summary>
internal static class GpioRules
{
    public static IEnumerable<OptionProblem> Check(AgentOptions options)
    {
        foreach (var (name, gpio) in options.Gpio)
        {
            string Key(string option) => $"Gpio:{name}:{option}";
            if (gpio.Line.Length == 0)
            {
                yield return new OptionProblem(Key("Line"), "is missing: the line's name, such as GPIO17, or its number on the chip", Key("Direction"));
            }

            var standard = new GpioOptions();
            foreach (var (option, isSet, direction) in new[]
            {
                ("Bias", gpio.Bias != standard.Bias, "input"),
                ("Debounce", gpio.Debounce != standard.Debounce, "input"),
                ("Count", gpio.Count != standard.Count, "input"),
                ("Initial", gpio.Initial != standard.Initial, "output"),
                ("SafeAfter", gpio.SafeAfter != standard.SafeAfter, "output"),
            })
            {
                if (isSet && gpio.Direction != direction)
                {
                    yield return new OptionProblem(Key(option), $"is for an {direction}: set Direction = {direction}");
                }
            }
        }

        foreach (var (name, pwm) in options.Pwm)
        {
            if (!SensorRules.IsPwm(pwm.Id.Split('/')))
            {
                yield return new OptionProblem($"Pwm:{name}:Id", pwm.Id.Length == 0 ? "is missing: such as pwmchip0/0" : $"'{pwm.Id}' is not pwmchip0/0, as in /sys/class/pwm", $"Pwm:{name}:Frequency");
            }
        }

        foreach (var names in options.Gpio.Keys.GroupBy(name => $"{options.Gpio[name].Chip}\n{options.Gpio[name].Line}", StringComparer.Ordinal))
        {
            var (first, last) = (names.First(), names.Last());
            if (first != last && options.Gpio[first].Line is { Length: > 0 } line)
            {
                yield return new OptionProblem($"Gpio:{last}:Line", $"'{line}' is already the line of Gpio:{first}");
            }
        }
    }
}
