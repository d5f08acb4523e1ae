using Messaging.Agent.Sensors;
using static Messaging.Agent.Configuration.OptionKind;

namespace Messaging.Agent.Configuration;

/// <summary>The options of sections that have a name. A test holds them against the properties and against firmware-scripts/agent.conf.</summary>
internal static class SectionTemplates
{
    private const double Day = 24 * 3600;
    private const double Anything = double.MaxValue;

    public static readonly SectionTemplate Sensor = new("Sensor", static o => o.Sensor.Keys, static name =>
    [
        new($"Sensor:{name}:Kind", Choice, o => o.Sensor.GetValueOrDefault(name)?.Kind, Choices: SensorKinds.All),
        new($"Sensor:{name}:Id", Text, o => o.Sensor.GetValueOrDefault(name)?.Id),
        new($"Sensor:{name}:Quantity", Choice, o => o.Sensor.GetValueOrDefault(name)?.Quantity, Choices: [.. Quantities.Words, ""]),
        new($"Sensor:{name}:Metric", Text, o => o.Sensor.GetValueOrDefault(name)?.Metric),
        new($"Sensor:{name}:Unit", Text, o => o.Sensor.GetValueOrDefault(name)?.Unit),
        new($"Sensor:{name}:Scale", OptionKind.Decimal, o => o.Sensor.GetValueOrDefault(name)?.Scale, -Anything, Anything),
        new($"Sensor:{name}:Offset", OptionKind.Decimal, o => o.Sensor.GetValueOrDefault(name)?.Offset, -Anything, Anything),
        new($"Sensor:{name}:Interval", Duration, o => o.Sensor.GetValueOrDefault(name)?.Interval, 0.1, 7 * Day),
        new($"Sensor:{name}:Deadband", OptionKind.Decimal, o => o.Sensor.GetValueOrDefault(name)?.Deadband, 0, Anything),
        new($"Sensor:{name}:ReportEvery", Duration, o => o.Sensor.GetValueOrDefault(name)?.ReportEvery, 1, 7 * Day),
        new($"Sensor:{name}:WarnAbove", OptionKind.Decimal, o => o.Sensor.GetValueOrDefault(name)?.WarnAbove, -Anything, Anything),
        new($"Sensor:{name}:CriticalAbove", OptionKind.Decimal, o => o.Sensor.GetValueOrDefault(name)?.CriticalAbove, -Anything, Anything),
        new($"Sensor:{name}:WarnBelow", OptionKind.Decimal, o => o.Sensor.GetValueOrDefault(name)?.WarnBelow, -Anything, Anything),
        new($"Sensor:{name}:CriticalBelow", OptionKind.Decimal, o => o.Sensor.GetValueOrDefault(name)?.CriticalBelow, -Anything, Anything),
        new($"Sensor:{name}:Hysteresis", OptionKind.Decimal, o => o.Sensor.GetValueOrDefault(name)?.Hysteresis, 0, Anything),
    ]);

    public static readonly SectionTemplate Gpio = new("Gpio", static o => o.Gpio.Keys, static name =>
    [
        new($"Gpio:{name}:Chip", Text, o => o.Gpio.GetValueOrDefault(name)?.Chip),
        new($"Gpio:{name}:Line", Text, o => o.Gpio.GetValueOrDefault(name)?.Line),
        new($"Gpio:{name}:Direction", Choice, o => o.Gpio.GetValueOrDefault(name)?.Direction, Choices: ["input", "output"]),
        new($"Gpio:{name}:ActiveLow", Choice, o => o.Gpio.GetValueOrDefault(name)?.ActiveLow, Choices: ["no", "yes"]),
        new($"Gpio:{name}:Bias", Choice, o => o.Gpio.GetValueOrDefault(name)?.Bias, Choices: ["none", "pull-up", "pull-down"]),
        new($"Gpio:{name}:Debounce", Duration, o => o.Gpio.GetValueOrDefault(name)?.Debounce, 0, 60),
        new($"Gpio:{name}:Count", Choice, o => o.Gpio.GetValueOrDefault(name)?.Count, Choices: ["none", "on", "off", "both"]),
        new($"Gpio:{name}:Events", Choice, o => o.Gpio.GetValueOrDefault(name)?.Events, Choices: ["yes", "no"]),
        new($"Gpio:{name}:Initial", Choice, o => o.Gpio.GetValueOrDefault(name)?.Initial, Choices: ["off", "on"]),
        new($"Gpio:{name}:Safe", Choice, o => o.Gpio.GetValueOrDefault(name)?.Safe, Choices: ["off", "on", "keep"]),
        new($"Gpio:{name}:SafeAfter", Duration, o => o.Gpio.GetValueOrDefault(name)?.SafeAfter, 0, 7 * Day),
    ]);

    public static readonly SectionTemplate Pwm = new("Pwm", static o => o.Pwm.Keys, static name =>
    [
        new($"Pwm:{name}:Id", Text, o => o.Pwm.GetValueOrDefault(name)?.Id),
        new($"Pwm:{name}:Frequency", OptionKind.Decimal, o => o.Pwm.GetValueOrDefault(name)?.Frequency, 1, 10_000_000),
        new($"Pwm:{name}:Initial", OptionKind.Decimal, o => o.Pwm.GetValueOrDefault(name)?.Initial, 0, 1),
        new($"Pwm:{name}:Safe", OptionKind.Decimal, o => o.Pwm.GetValueOrDefault(name)?.Safe, 0, 1),
        new($"Pwm:{name}:SafeAfter", Duration, o => o.Pwm.GetValueOrDefault(name)?.SafeAfter, 0, 7 * Day),
    ]);

    public static readonly IReadOnlyList<SectionTemplate> All = [Sensor, Gpio, Pwm];
}
