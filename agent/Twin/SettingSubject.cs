using Messaging.Agent.Collect;
using Messaging.Agent.Configuration;
using Messaging.Twin;

namespace Messaging.Agent.Twin;

/// <summary>Options of the agent: at once where the running agent heeds them, else by a restart.</summary>
internal sealed class SettingSubject(AgentOptions options, ICollectControl control, TwinStore store, AgentRestart restart) : ITwinSubject
{
    private readonly Dictionary<string, string> _wanted = new(StringComparer.Ordinal);
    private ulong _version;

    public PropertyKind Kind => PropertyKind.Setting;

    /// <summary>Whoever restarts the agent may take a day.</summary>
    public PropertyLimits Limits { get; } = new(TimeSpan.FromDays(1), 10, TimeSpan.FromSeconds(5), TriesAgain: true);

    public void Take(DesiredState state)
    {
        _version = state.Version;
        _wanted.Clear();
        foreach (var setting in state.Settings)
        {
            _wanted[setting.Key] = setting.Value;
        }

        // What is not wanted any more is as configured again, at once where it can be.
        Apply();
    }

    public Task BeginAsync(CancellationToken ct) => Task.CompletedTask;

    public Look Look(string name)
    {
        if (RemoteSettings.Check(name, _wanted[name], options, out var normalized) is { } refused)
        {
            return Twin.Look.Impossible(refused);
        }

        if (RemoteSettings.Collector(name) is { } collector)
        {
            return LookAt(collector, RemoteSettings.Duration(normalized));
        }

        var found = RemoteSettings.InForce(name, options);
        return found == normalized ? Twin.Look.Same
            : RemoteSettings.IsLive(name) ? Twin.Look.Different($"it is {found}")
            : options.Overlay.Version == _version && options.Overlay.Problems.TryGetValue(name, out var problem) ? Twin.Look.Impossible(problem)
            : store.Told.RestartedFor == _version && !restart.IsRequested ? Twin.Look.Impossible("it is not in force, though the agent was restarted for it")
            : restart.CanComeBack ? Twin.Look.Different("waits for a restart of the agent, which restarts itself")
            : Twin.Look.Waiting("waits for a restart of the agent, which no systemd would start again");
    }

    public Task<string?> ActAsync(string name, CancellationToken ct)
    {
        if (RemoteSettings.Collector(name) is not null || RemoteSettings.IsLive(name))
        {
            Apply();
            return Task.FromResult<string?>(null);
        }

        return Task.FromResult(restart.Request(_version));
    }

    private Look LookAt(string collector, TimeSpan wanted)
    {
        foreach (var (name, interval) in control.DesiredIntervals)
        {
            if (name == collector)
            {
                return interval == wanted ? Twin.Look.Same : Twin.Look.Different("its interval is another");
            }
        }

        foreach (var (name, _) in control.Intervals)
        {
            if (name == collector)
            {
                return Twin.Look.Different("its interval is as configured");
            }
        }

        return Twin.Look.Impossible($"there is no collector {collector} here");
    }

    /// <summary>Everything that can be at once, from what is configured on: so that it does not matter what was wanted before.</summary>
    private void Apply()
    {
        var intervals = new List<KeyValuePair<string, TimeSpan>>();
        var uplink = options.Overlay.Base.Copy();
        uplink.DailyBytes = options.Uplink.DailyBytes;
        foreach (var (key, value) in _wanted)
        {
            if (RemoteSettings.Check(key, value, options, out var normalized) is not null)
            {
                continue;
            }

            if (RemoteSettings.Collector(key) is { } collector)
            {
                intervals.Add(new(collector, RemoteSettings.Duration(normalized)));
            }
            else if (RemoteSettings.IsLive(key))
            {
                RemoteSettings.Set(uplink, key, normalized);
            }
        }

        options.Uplink = uplink;
        if (!Equal(intervals, control.DesiredIntervals))
        {
            control.SetDesiredIntervals(intervals);
        }
    }

    private static bool Equal(List<KeyValuePair<string, TimeSpan>> wanted, IReadOnlyList<KeyValuePair<string, TimeSpan>> known)
    {
        if (wanted.Count != known.Count)
        {
            return false;
        }

        // Both ascend by name.
        for (var i = 0; i < known.Count; i++)
        {
            if (wanted[i].Key != known[i].Key || wanted[i].Value != known[i].Value)
            {
                return false;
            }
        }

        return true;
    }
}
