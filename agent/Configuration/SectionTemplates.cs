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

    public static readonly IReadOnlyList<SectionTemplate> All = [Sensor];
}
