using System.Globalization;
using Messaging.Agent.Sensors;

namespace Messaging.Agent.Configuration;

/// <summary>Every option with its value and where that comes from.</summary>
internal static class EffectiveOptions
{
    /// <summary>In the order of the sample file.</summary>
    /// <param name="options">What is in force.</param>
    /// <param name="sources">Where it comes from.</param>
    /// <param name="commanded">Collector -> interval, as commands of the fleet set them.</param>
    public static IReadOnlyList<OptionView> List(AgentOptions options, ConfigurationSources sources, IReadOnlyDictionary<string, TimeSpan> commanded)
    {
        var known = OptionCatalog.All.Select(option => View(option.Key, Text(option, option.Value(options)), sources));
        var scripts = options.Scripts.Keys.Order(StringComparer.Ordinal)
            .Select(script => View($"{OptionCatalog.ScriptsSection}:{script}", options.Scripts[script], sources));
        var intervals = new List<OptionView>();
        foreach (var (collector, standard) in OptionCatalog.DefaultIntervals)
        {
            intervals.Add(Interval(collector, options.Intervals.GetValueOrDefault(collector, standard)));
        }

        var named = SectionTemplates.All.SelectMany(template => template.Names(options).Order(StringComparer.Ordinal).SelectMany(template.Describe))
            .Select(option => Named(option));
        return [.. known, .. scripts, .. intervals, .. named];

        OptionView Named(OptionDescription option) =>
            SectionTemplates.Sensor.NameIn(option.Key) is { } sensor && option.Key.EndsWith(":Interval", StringComparison.Ordinal)
                && commanded.TryGetValue(SensorCollector.NameOf(sensor), out var interval)
                ? new OptionView(option.Key, OptionText.Write(interval), "command", null)
                : View(option.Key, Text(option, option.Value(options)), sources);

        OptionView Interval(string collector, TimeSpan configured)
        {
            var key = $"{OptionCatalog.IntervalsSection}:{collector}";
            return commanded.TryGetValue(collector, out var interval)
                ? new OptionView(key, OptionText.Write(interval), "command", null)
                : View(key, OptionText.Write(configured), sources);
        }
    }

    private static OptionView View(string key, string value, ConfigurationSources sources) =>
        new(key, value, Word(sources.OriginOf(key)), sources.PlaceOf(key));

    private static string Word(OptionOrigin origin) => origin switch
    {
        OptionOrigin.File => "file",
        OptionOrigin.Environment => "environment",
        OptionOrigin.CommandLine => "command line",
        _ => "default",
    };

    private static string Text(OptionDescription option, object? value) => (option.Kind, value) switch
    {
        (OptionKind.Duration, TimeSpan duration) => OptionText.Write(duration),
        (OptionKind.Size, IConvertible size) => OptionText.Write(size.ToInt64(CultureInfo.InvariantCulture)),
        (_, IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value?.ToString() ?? "",
    };
}
