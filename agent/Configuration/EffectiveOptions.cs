using System.Globalization;
using Messaging.Agent.Sensors;

namespace Messaging.Agent.Configuration;

/// <summary>Every option with its value and where that comes from.</summary>
internal static class EffectiveOptions
{
    private const string DesiredWord = "desired";

    /// <summary>In the order of the sample file.</summary>
    /// <param name="options">What is in force.</param>
    /// <param name="sources">Where it comes from.</param>
    /// <param name="commanded">Collector -> interval, as commands of the fleet set them.</param>
    /// <param name="desired">Collector -> interval, as the fleet's desired state has them.</param>
    public static IReadOnlyList<OptionView> List(AgentOptions options, ConfigurationSources sources, IReadOnlyDictionary<string, TimeSpan> commanded, IReadOnlyDictionary<string, TimeSpan> desired)
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
                ? Set(option.Key, SensorCollector.NameOf(sensor)) ?? View(option.Key, Text(option, option.Value(options)), sources)
                : View(option.Key, Text(option, option.Value(options)), sources);

        OptionView Interval(string collector, TimeSpan configured)
        {
            var key = $"{OptionCatalog.IntervalsSection}:{collector}";
            return Set(key, collector) ?? View(key, OptionText.Write(configured), sources);
        }

        OptionView? Set(string key, string collector) =>
            desired.TryGetValue(collector, out var wanted) ? new OptionView(key, OptionText.Write(wanted), DesiredWord, null)
            : commanded.TryGetValue(collector, out var interval) ? new OptionView(key, OptionText.Write(interval), "command", null)
            : null;
    }

    private static OptionView View(string key, string value, ConfigurationSources sources) =>
        new(key, value, Word(sources.OriginOf(key)), sources.PlaceOf(key));

    private static string Word(OptionOrigin origin) => origin switch
    {
        OptionOrigin.File => "file",
        OptionOrigin.Environment => "environment",
        OptionOrigin.CommandLine => "command line",
        OptionOrigin.Desired => DesiredWord,
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
