using Messaging.Agent.Configuration;
using Messaging.Agent.Disk;
using Messaging.Agent.Identity;
using Messaging.Twin;

namespace Messaging.Agent.Twin;

/// <summary>Puts the settings of the desired state above what the file, the environment and the command line say.</summary>
internal static class TwinSettings
{
    /// <summary>The options in force. A setting that cannot be in force is left out: what came from afar keeps no agent from starting.</summary>
    /// <exception cref="AgentOptionsException">What the other sources say is wrong.</exception>
    public static AgentOptions Load(ConfigurationSources sources, IDisk disk)
    {
        var configured = AgentOptionsLoader.Load(sources);
        configured.Overlay = TwinOverlay.None with { Base = configured.Uplink };
        if (Read(disk, new StateFolder(configured.Device.State).Twin) is not { } state)
        {
            return configured;
        }

        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var problems = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var setting in state.Settings)
        {
            if (RemoteSettings.Check(setting.Key, setting.Value, configured, out _) is { } problem)
            {
                problems[setting.Key] = problem;
            }
            else if (RemoteSettings.Collector(setting.Key) is null)
            {
                values[setting.Key] = setting.Value;
            }
        }

        // Each is right by itself; together with the others, or with what the file says, it may be wrong.
        while (true)
        {
            sources.SetDesired(values);
            var options = AgentOptionsLoader.Read(sources.Values, out var wrong);
            if (wrong.Count == 0)
            {
                options.Overlay = new TwinOverlay(state.Version, values, problems, configured.Uplink);
                return options;
            }

            foreach (var problem in wrong)
            {
                LeaveOut(values, problems, problem);
            }
        }
    }

    /// <summary>Collector -> interval, as far as the device lets it be set: for who does not run.</summary>
    public static IReadOnlyDictionary<string, TimeSpan> Intervals(AgentOptions options, IDisk disk)
    {
        var intervals = new Dictionary<string, TimeSpan>(StringComparer.Ordinal);
        if (Read(disk, new StateFolder(options.Device.State).Twin) is { } state)
        {
            foreach (var setting in state.Settings)
            {
                if (RemoteSettings.Collector(setting.Key) is { } collector && RemoteSettings.Check(setting.Key, setting.Value, options, out var normalized) is null)
                {
                    intervals[collector] = RemoteSettings.Duration(normalized);
                }
            }
        }

        return intervals;
    }

    private static void LeaveOut(Dictionary<string, string> values, Dictionary<string, string> problems, OptionProblem problem)
    {
        var key = values.ContainsKey(problem.Key) ? problem.Key : problem.With is { } with && values.ContainsKey(with) ? with : null;
        if (key is not null)
        {
            values.Remove(key);
            problems[key] = $"{problem.Key}: {problem.What}";
            return;
        }

        // Whichever it is: without them the configuration is right.
        foreach (var one in values.Keys)
        {
            problems[one] = $"{problem.Key}: {problem.What}";
        }

        values.Clear();
    }

    /// <summary>Null as well when it is damaged or may not be read: the agent says so when it runs.</summary>
    private static DesiredState? Read(IDisk disk, string path)
    {
        try
        {
            return TwinStore.Read(disk, path, out _)?.State;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
