using System.Text.Json;
using Messaging.Agent.Disk;

namespace Messaging.Agent.Collect.Scheduling;

/// <summary>The interval of every collector: its default; above it what configuration says, what a command set, and what the desired state has.</summary>
internal sealed class IntervalTable
{
    public static readonly TimeSpan Minimum = TimeSpan.FromMilliseconds(100);
    public static readonly TimeSpan Maximum = TimeSpan.FromDays(7);

    private readonly Lock _lock = new();
    private readonly IDisk _disk;
    private readonly string _path;
    private readonly SortedDictionary<string, Base> _bases = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _overrides;
    private readonly SortedDictionary<string, TimeSpan> _desired = new(StringComparer.Ordinal);

    /// <param name="collectors">Name and default of each.</param>
    /// <param name="configured">Collector -> interval; unknown names are ignored here (configuration's validation reports them).</param>
    /// <param name="path">Where overrides are kept.</param>
    /// <param name="disk">The medium; the real one when null.</param>
    public IntervalTable(
        IEnumerable<KeyValuePair<string, TimeSpan>> collectors,
        IReadOnlyDictionary<string, TimeSpan> configured,
        string path,
        IDisk? disk = null)
    {
        _disk = disk ?? PhysicalDisk.Instance;
        _path = path;
        foreach (var (name, standard) in collectors)
        {
            _bases[name] = configured.TryGetValue(name, out var own) ? new(own, IntervalOrigin.Configuration) : new(standard, IntervalOrigin.Default);
        }

        _overrides = LoadOverrides();
    }

    public event EventHandler? Changed;

    /// <summary>Why the overrides of earlier commands could not be read, or null.</summary>
    public string? LoadProblem { get; private set; }

    public IReadOnlyList<KeyValuePair<string, TimeSpan>> All
    {
        get
        {
            lock (_lock)
            {
                var all = new List<KeyValuePair<string, TimeSpan>>(_bases.Count);
                foreach (var name in _bases.Keys)
                {
                    all.Add(new(name, Find(name).Interval));
                }

                return all;
            }
        }
    }

    /// <exception cref="KeyNotFoundException">No such collector.</exception>
    public (TimeSpan Interval, IntervalOrigin Origin) Get(string collector)
    {
        lock (_lock)
        {
            return Find(collector);
        }
    }

    /// <inheritdoc cref="ICollectControl.DesiredIntervals"/>
    public IReadOnlyList<KeyValuePair<string, TimeSpan>> Desired
    {
        get
        {
            lock (_lock)
            {
                return new List<KeyValuePair<string, TimeSpan>>(_desired);
            }
        }
    }

    /// <inheritdoc cref="ICollectControl.SetDesiredIntervals"/>
    public void SetDesired(IReadOnlyList<KeyValuePair<string, TimeSpan>> intervals)
    {
        lock (_lock)
        {
            _desired.Clear();
            foreach (var (name, interval) in intervals)
            {
                if (_bases.ContainsKey(name) && interval >= Minimum && interval <= Maximum)
                {
                    _desired[name] = interval;
                }
            }
        }

        Changed?.Invoke(this, EventArgs.Empty);
    }

    /// <inheritdoc cref="ICollectControl.TrySetIntervals"/>
    public string? TrySet(IReadOnlyList<KeyValuePair<string, TimeSpan>> intervals)
    {
        lock (_lock)
        {
            var changed = new Dictionary<string, long>(_overrides, StringComparer.Ordinal);
            foreach (var (name, interval) in intervals)
            {
                if (!_bases.ContainsKey(name))
                {
                    return $"there is no collector '{name}' here; there are {string.Join(", ", _bases.Keys)}";
                }

                if (_desired.ContainsKey(name))
                {
                    return $"the desired state of the fleet has an interval for '{name}': change it there";
                }

                if (interval == TimeSpan.Zero)
                {
                    changed.Remove(name);
                }
                else if (interval < Minimum || interval > Maximum)
                {
                    return $"the interval of '{name}' must be 100 ms to 7 days";
                }
                else
                {
                    changed[name] = (long)interval.TotalMilliseconds;
                }
            }

            IntervalOverrides.Save(_disk, _path, changed);
            _overrides.Clear();
            foreach (var (name, ms) in changed)
            {
                _overrides[name] = ms;
            }
        }

        Changed?.Invoke(this, EventArgs.Empty);
        return null;
    }

    private (TimeSpan Interval, IntervalOrigin Origin) Find(string collector)
    {
        var standard = _bases[collector];
        return _desired.TryGetValue(collector, out var wanted) ? (wanted, IntervalOrigin.Desired)
            : _overrides.TryGetValue(collector, out var ms) ? (TimeSpan.FromMilliseconds(ms), IntervalOrigin.Command) : (standard.Interval, standard.Origin);
    }

    private Dictionary<string, long> LoadOverrides()
    {
        try
        {
            // A collector of an older or newer version, or an edited value, must not keep the agent from starting.
            var overrides = new Dictionary<string, long>(StringComparer.Ordinal);
            foreach (var (collector, ms) in IntervalOverrides.Load(_disk, _path))
            {
                if (_bases.ContainsKey(collector) && ms >= Minimum.TotalMilliseconds && ms <= Maximum.TotalMilliseconds)
                {
                    overrides[collector] = ms;
                }
            }

            return overrides;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            LoadProblem = $"{_path}: {e.Message}";
            return [];
        }
    }

    private readonly record struct Base(TimeSpan Interval, IntervalOrigin Origin);
}
