using Messaging.Agent.Clock;
using Messaging.Agent.Collect;
using Messaging.Agent.Collect.Scheduling;
using Messaging.Agent.Configuration;
using Messaging.Agent.Events;
using Messaging.Agent.Gpio.Lines;
using Messaging.Agent.Gpio.Outputs;
using Messaging.Agent.Status;
using Microsoft.Extensions.Logging;

namespace Messaging.Agent.Gpio;

/// <summary>Runs the declared lines; a collector too, so that their values are reported when nothing changes.</summary>
internal sealed partial class GpioCenter : ICollector, IStatusPart
{
    private static readonly TimeSpan SaveInterval = TimeSpan.FromMinutes(1);
    private readonly IReadOnlyList<GpioInput> _inputs;
    private readonly OutputSet _outputs;
    private readonly EdgeCounters _counters;
    private readonly TimeProvider _time;
    private readonly ILogger<GpioCenter> _logger;

    public GpioCenter(
        AgentOptions options,
        IGpio gpio,
        OutputSet outputs,
        EdgeCounters counters,
        MetricAccumulator accumulator,
        IEventSink events,
        IBootClock boot,
        TimeProvider time,
        ILogger<GpioCenter> logger)
    {
        _inputs = [.. options.Gpio.Keys.Where(name => options.Gpio[name].Direction == "input").Order(StringComparer.Ordinal)
            .Select(name => new GpioInput(name, options.Gpio[name], gpio, counters, accumulator, events, boot, time))];
        _outputs = outputs;
        _counters = counters;
        _time = time;
        _logger = logger;
    }

    public string Name => "gpio";

    public TimeSpan DefaultInterval => TimeSpan.FromSeconds(30);

    public ValueTask CollectAsync(IMetricRecorder recorder, CancellationToken ct)
    {
        foreach (var input in _inputs)
        {
            if (input.Value is { } value)
            {
                recorder.Record(GpioMetrics.Value, input.Attributes, value ? 1 : 0);
            }

            if (input.IsCounting)
            {
                recorder.Record(GpioMetrics.Changes, input.Attributes, _counters[input.Name]);
            }
        }

        foreach (var output in _outputs.All)
        {
            if (output.Value is { } value)
            {
                recorder.Record(output.Plan.Kind == OutputKind.Gpio ? GpioMetrics.Value : GpioMetrics.DutyCycle, output.Attributes, value);
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Runs until cancelled; every output has its safe value then.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        if (_counters.LoadProblem is { } problem)
        {
            Log.CountersLost(_logger, problem);
        }

        await Task.WhenAll([.. _outputs.All.Select(output => output.RunAsync(ct)), .. _inputs.Select(input => input.RunAsync(ct)), SaveAsync(ct)]);
    }

    public void Contribute(StatusBuilder status)
    {
        foreach (var input in _inputs)
        {
            Tell(input.Name, input.Problem);
        }

        foreach (var output in _outputs.All)
        {
            Tell(output.Plan.Name, output.Problem);
        }

        void Tell(string name, string? problem)
        {
            if (problem is not null)
            {
                status.Problems.Add(new StatusProblem($"gpio {name}", problem, "Check its section in the configuration, and that the agent's user may use the device; it is tried again by itself.", null));
            }
        }
    }

    private async Task SaveAsync(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(SaveInterval, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(ct))
            {
                Save();
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            Save();
        }
    }

    private void Save()
    {
        try
        {
            _counters.Save();
        }
        catch (IOException e)
        {
            Log.CountersNotSaved(_logger, e.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 3070, Level = LogLevel.Warning, Message = "What GPIO lines had counted is lost: {Reason}")]
        public static partial void CountersLost(ILogger logger, string reason);

        [LoggerMessage(EventId = 3071, Level = LogLevel.Warning, Message = "What GPIO lines have counted could not be saved: {Reason}")]
        public static partial void CountersNotSaved(ILogger logger, string reason);
    }
}
