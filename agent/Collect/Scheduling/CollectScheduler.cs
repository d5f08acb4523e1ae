using Messaging.Agent.Clock;
using Messaging.Agent.Configuration;
using Messaging.Agent.Events;
using Messaging.Agent.Hosting;
using Messaging.Agent.Status;
using Microsoft.Extensions.Logging;

namespace Messaging.Agent.Collect.Scheduling;

/// <summary>Runs every collector that configuration does not disable, each by itself.</summary>
internal sealed partial class CollectScheduler : ICollectControl, IStatusPart
{
    private readonly IReadOnlyList<CollectorRunner> _runners;
    private readonly IReadOnlyList<string> _disabled;
    private readonly IntervalTable _intervals;
    private readonly MetricAccumulator _accumulator;
    private readonly IEventSink _events;
    private readonly ILogger<CollectScheduler> _logger;

    public CollectScheduler(
        IEnumerable<ICollector> collectors,
        AgentOptions options,
        MetricAccumulator accumulator,
        IEventSink events,
        IBootClock boot,
        TimeProvider time,
        ILogger<CollectScheduler> logger)
    {
        _accumulator = accumulator;
        _events = events;
        _logger = logger;
        _disabled = options.Collect.DisableList();
        var enabled = collectors.Where(c => !_disabled.Contains(c.Name, StringComparer.OrdinalIgnoreCase)).ToList();
        var standards = new List<KeyValuePair<string, TimeSpan>>(enabled.Count);
        foreach (var collector in enabled)
        {
            standards.Add(new(collector.Name, collector.DefaultInterval));
        }

        _intervals = new IntervalTable(standards, options.Intervals, Path.Combine(options.Device.State, IntervalOverrides.FileName));
        _runners = [.. enabled.Select(c => new CollectorRunner(c, _intervals, accumulator, boot, events, time, options.Collect.Deadline, logger))];
        _intervals.Changed += (_, _) =>
        {
            foreach (var runner in _runners)
            {
                runner.Wake();
            }

            IntervalsChanged?.Invoke(this, EventArgs.Empty);
        };
    }

    public event EventHandler? IntervalsChanged;

    public IReadOnlyList<KeyValuePair<string, TimeSpan>> Intervals => _intervals.All;

    public string? TrySetIntervals(IReadOnlyList<KeyValuePair<string, TimeSpan>> intervals) => _intervals.TrySet(intervals);

    public IReadOnlyList<KeyValuePair<string, TimeSpan>> DesiredIntervals => _intervals.Desired;

    public void SetDesiredIntervals(IReadOnlyList<KeyValuePair<string, TimeSpan>> intervals) => _intervals.SetDesired(intervals);

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct, LoopBeats? beats = null)
    {
        if (_intervals.LoadProblem is { } problem)
        {
            LogOverridesLost(problem);
            _events.Report(new("collect.intervals.lost", DeviceEvent.Warning, [new("reason", problem)]));
        }

        await Task.WhenAll(_runners.Select(runner => runner.RunAsync(ct, beats?.Add("collector " + runner.Name, LoopBeats.Step))));
    }

    public async Task<IReadOnlyList<string>> CollectNowAsync(IReadOnlyList<string> names, CancellationToken ct)
    {
        var unknown = names.Where(name => _runners.All(r => r.Name != name)).Select(name => $"{name}: there is no such collector here");
        var chosen = _runners.Where(r => names.Count == 0 || names.Contains(r.Name, StringComparer.Ordinal)).ToList();
        var outcomes = await Task.WhenAll(chosen.Select(r => r.CollectNowAsync(ct)));
        var problems = unknown.ToList();
        for (var i = 0; i < chosen.Count; i++)
        {
            if (outcomes[i] is { } outcome)
            {
                problems.Add($"{chosen[i].Name}: {outcome}");
            }
        }

        return problems;
    }

    public void Contribute(StatusBuilder status)
    {
        foreach (var runner in _runners)
        {
            var health = runner.Health;
            var (interval, origin) = _intervals.Get(runner.Name);
            status.Collectors.Add(new(
                runner.Name,
                health.State.ToString().ToLowerInvariant(),
                (long)interval.TotalMilliseconds,
                origin.ToString().ToLowerInvariant(),
                health.LastAt,
                health.LastDuration?.TotalMilliseconds,
                health.Samples,
                health.Failures,
                health.Problem));
            if (health.State is CollectorState.Failing or CollectorState.Hanging)
            {
                status.Problems.Add(new($"collector {runner.Name}", health.Problem!, "See the agent's log; Collect:Disable turns a collector off.", null));
            }
        }

        foreach (var name in _disabled)
        {
            status.Collectors.Add(new(name, "off", 0, "configuration", null, null, 0, 0, null));
        }

        if (_accumulator.Dropped > 0)
        {
            status.Problems.Add(new("collect", $"{_accumulator.Dropped} samples were dropped: too many series or nothing is sent", "Raise Collect:MaxSeries or disable a collector.", null));
        }

        _accumulator.CopyLatest(status.Latest);
    }

    [LoggerMessage(EventId = 2000, Level = LogLevel.Warning, Message = "Intervals set by earlier commands are lost: {Problem}")]
    private partial void LogOverridesLost(string problem);
}
