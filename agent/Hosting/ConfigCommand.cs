using System.CommandLine;
using Messaging.Agent.Collect.Scheduling;
using Messaging.Agent.Configuration;
using Messaging.Agent.Disk;
using Messaging.Agent.Sensors;
using Messaging.Agent.Status;
using Messaging.Agent.Twin;

namespace Messaging.Agent.Hosting;

/// <summary><c>messaging-agent config check|show</c></summary>
internal static class ConfigCommand
{
    public static Command Create(SettingsOptions settings)
    {
        var json = new Option<bool>("--json") { Description = "For programs." };
        var check = new Verb(
            "check",
            "Says everything that is wrong: where, which option, what, and what would be right.",
            ("messaging-agent config check", "what is wrong with the configuration"),
            ("messaging-agent config check --config new.conf --json", "another file, for a program"))
        {
            json,
        };
        check.SetAction(parsed => Check(() => settings.Open(parsed), parsed.GetValue(json), Console.Out, Console.Error));
        var show = new Verb(
            "show",
            "Shows every option in force and where its value comes from.",
            ("messaging-agent config show", "all options"),
            ("messaging-agent config show | grep -v default", "what was changed"),
            ("messaging-agent config show --json", "for a program"))
        {
            json,
        };
        show.SetAction((parsed, _) => Failure.GuardAsync(() => ShowAsync(settings.Open(parsed), parsed.GetValue(json), Console.Out)));
        return new Command("config", "Checks or shows the configuration.") { check, show };
    }

    internal static int Check(Func<ConfigurationSources> open, bool json, TextWriter output, TextWriter error)
    {
        ConfigurationSources? sources = null;
        IReadOnlyList<string> problems = [];
        IReadOnlyList<string> hints = [];
        try
        {
            sources = open();
            hints = [.. ConfigurationHints.For(AgentOptionsLoader.Load(sources))];
        }
        catch (AgentOptionsException e)
        {
            problems = e.Problems;
        }

        if (json)
        {
            var report = new ConfigurationReport(problems.Count == 0, sources?.File, sources?.FileExists ?? false, problems, hints);
            output.WriteLine(ConfigurationJson.Write(report));
        }
        else
        {
            foreach (var problem in problems)
            {
                error.WriteLine("wrong: " + StatusText.Clean(problem));
            }

            foreach (var hint in hints)
            {
                output.WriteLine("note: " + StatusText.Clean(hint));
            }

            if (problems.Count == 0)
            {
                output.WriteLine($"The configuration is right: {Name(sources!)}.");
            }
        }

        return problems.Count == 0 ? ExitCodes.Ok : ExitCodes.Configuration;
    }

    internal static async Task<int> ShowAsync(ConfigurationSources sources, bool json, TextWriter output)
    {
        var options = TwinSettings.Load(sources, PhysicalDisk.Instance);
        var standards = new List<KeyValuePair<string, TimeSpan>>(OptionCatalog.DefaultIntervals);
        foreach (var (name, sensor) in options.Sensor)
        {
            standards.Add(new(SensorCollector.NameOf(name), sensor.Interval));
        }

        var intervals = new IntervalTable(standards, options.Intervals, Path.Combine(options.Device.State, IntervalOverrides.FileName));
        var commanded = new Dictionary<string, TimeSpan>(StringComparer.Ordinal);
        foreach (var (collector, interval) in intervals.All)
        {
            if (intervals.Get(collector).Origin == IntervalOrigin.Command)
            {
                commanded[collector] = interval;
            }
        }

        var views = EffectiveOptions.List(options, sources, commanded, TwinSettings.Intervals(options, PhysicalDisk.Instance));
        if (json)
        {
            await output.WriteLineAsync(ConfigurationJson.Write(views));
            return ExitCodes.Ok;
        }

        await output.WriteLineAsync($"# {Name(sources)}");
        var (keys, origins) = (views.Max(view => view.Key.Length), views.Max(view => Origin(view, sources).Length));
        foreach (var view in views)
        {
            await output.WriteLineAsync($"{view.Key.PadRight(keys)}  {Origin(view, sources).PadRight(origins)}  {StatusText.Clean(view.Value)}".TrimEnd());
        }

        return ExitCodes.Ok;
    }

    private static string Name(ConfigurationSources sources) => sources.FileExists ? sources.File : $"{sources.File} is not there, which is allowed";

    private static string Origin(OptionView view, ConfigurationSources sources) =>
        view.Place is not null && sources.LineOf(view.Key) is { } line ? $"{view.From}:{line}" : view.From;
}
