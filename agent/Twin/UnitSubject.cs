using Messaging.Agent.Configuration;
using Messaging.Agent.Systemd;
using Messaging.Twin;

namespace Messaging.Agent.Twin;

/// <summary>systemd units that are to be active: those that restart-unit may restart, in the way it does.</summary>
internal sealed class UnitSubject(ISystemd systemd, AgentOptions options) : ITwinSubject
{
    private readonly Dictionary<string, string> _states = new(StringComparer.Ordinal);
    private string? _problem;

    public PropertyKind Kind => PropertyKind.Unit;

    /// <summary>One that does not come up is left alone after some time: systemd's log says why, and each attempt may cost its users something.</summary>
    public PropertyLimits Limits { get; } = new(TimeSpan.FromMinutes(30), 5, TimeSpan.FromSeconds(5), TriesAgain: false);

    public void Take(DesiredState state)
    {
        // By name.
    }

    public async Task BeginAsync(CancellationToken ct)
    {
        _states.Clear();
        try
        {
            foreach (var unit in await systemd.ListUnitsAsync(ct))
            {
                _states[unit.Name] = unit.ActiveState;
            }

            _problem = null;
        }
        catch (Exception e) when (e is SystemdException or SystemdUnavailableException or TimeoutException)
        {
            _problem = e.Message;
        }
    }

    public Look Look(string name) =>
        TwinRules.Unit(name, options) is { } refused ? Twin.Look.Impossible(refused)
        : _problem is { } problem ? Twin.Look.Impossible(problem)
        : _states.GetValueOrDefault(name, "not loaded") switch
        {
            "active" or "reloading" => Twin.Look.Same,
            "activating" => Twin.Look.Waiting("it is starting"),
            var other => Twin.Look.Different($"it is {other}"),
        };

    public async Task<string?> ActAsync(string name, CancellationToken ct)
    {
        string? problem;
        try
        {
            var result = await systemd.RestartUnitAsync(name, options.Commands.UnitTimeout, ct);
            problem = result == "done" ? null : $"systemd says: {result}";
        }
        catch (Exception e) when (e is SystemdException or SystemdUnavailableException)
        {
            problem = e.Message;
        }
        catch (TimeoutException)
        {
            problem = $"it was not up within {options.Commands.UnitTimeout.TotalSeconds:0} s; systemd goes on";
        }

        await BeginAsync(ct);
        return problem;
    }
}
