using Messaging.Agent.Configuration;
using Messaging.Agent.Systemd;

namespace Messaging.Agent.Collect.Units;

/// <summary>
/// The active state of systemd's units over D-Bus. A unit has one series for each state that it has been seen in, 1 for the
/// state that it is in and 0 for the others; the states that it never had are left out.
/// </summary>
internal sealed class UnitCollector(ISystemd systemd, AgentOptions options) : ICollector
{
    private readonly IReadOnlyList<string> _patterns = options.Collect.UnitList();
    private readonly Dictionary<string, UnitSeries> _units = new(StringComparer.Ordinal);
    private long _generation;

    public string Name => "units";

    public TimeSpan DefaultInterval => TimeSpan.FromSeconds(30);

    public async ValueTask CollectAsync(IMetricRecorder recorder, CancellationToken ct)
    {
        IReadOnlyList<UnitState> units;
        try
        {
            units = await systemd.ListUnitsAsync(ct);
        }
        catch (SystemdUnavailableException e)
        {
            throw new CollectorUnavailableException(e.Message, e);
        }

        _generation++;
        foreach (var unit in units)
        {
            // A unit that is only mentioned by others is not on this machine.
            if (unit.LoadState == "not-found" || !NamePattern.IsMatch(_patterns, unit.Name))
            {
                continue;
            }

            if (!_units.TryGetValue(unit.Name, out var series))
            {
                _units[unit.Name] = series = new UnitSeries(unit.Name);
            }

            series.Generation = _generation;
            series.Record(recorder, unit.ActiveState);
        }

        foreach (var (name, series) in _units)
        {
            if (series.Generation != _generation)
            {
                _units.Remove(name);
            }
        }
    }

    private sealed class UnitSeries(string unit)
    {
        private readonly List<(string State, AttributeSet Attributes)> _seen = [];

        public long Generation { get; set; }

        public void Record(IMetricRecorder recorder, string state)
        {
            if (!_seen.Exists(s => s.State == state))
            {
                _seen.Add((state, AttributeSet.Of("systemd.unit.name", unit, "systemd.unit.active_state", state)));
            }

            foreach (var (seen, attributes) in _seen)
            {
                recorder.Record(SystemMetrics.UnitState, attributes, seen == state ? 1 : 0);
            }
        }
    }
}
