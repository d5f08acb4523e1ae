using Messaging.Agent.Clock;
using Messaging.Agent.Collect;
using Messaging.Agent.Collect.Scheduling;
using Messaging.Agent.Configuration;
using Messaging.Agent.Events;
using Messaging.Agent.Gpio.Lines;
using Messaging.Agent.Uplink;

namespace Messaging.Agent.Gpio;

/// <summary>An input: debounced, counted, reported when it changes. A line that cannot be had is asked for again.</summary>
internal sealed class GpioInput
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(10);
    private readonly string _name;
    private readonly GpioOptions _options;
    private readonly IGpio _gpio;
    private readonly EdgeCounters _counters;
    private readonly MetricAccumulator _accumulator;
    private readonly IBootClock _boot;
    private readonly IEventSink _events;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly Signal _woken = new();
    private readonly EventLimit _limit = new();
    private readonly bool _isActiveLow;
    private Debouncer? _debouncer;

    public GpioInput(
        string name, GpioOptions options, IGpio gpio, EdgeCounters counters, MetricAccumulator accumulator, IEventSink events, IBootClock boot, TimeProvider time)
    {
        _name = name;
        _options = options;
        _gpio = gpio;
        _counters = counters;
        _accumulator = accumulator;
        _boot = boot;
        _events = events;
        _time = time;
        _isActiveLow = options.ActiveLow == "yes";
        Attributes = AttributeSet.Of("gpio.line.name", name);
    }

    public string Name => _name;

    public AttributeSet Attributes { get; }

    public bool IsCounting => _options.Count != "none";

    /// <summary>Why the line cannot be had, or null.</summary>
    public string? Problem { get; private set; }

    /// <summary>The value that counts; null while the line cannot be had.</summary>
    public bool? Value
    {
        get
        {
            lock (_gate)
            {
                return _debouncer?.Level;
            }
        }
    }

    private TimeSpan Now => _time.GetElapsedTime(0);

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                using var line = Open();
                Recover();
                await FollowAsync(line, ct);
            }
            catch (IOException e)
            {
                Fail(e.Message);
            }

            await Task.Delay(RetryInterval, _time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private IGpioLine Open()
    {
        var bias = _options.Bias switch
        {
            "pull-up" => GpioBias.PullUp,
            "pull-down" => GpioBias.PullDown,
            _ => GpioBias.None,
        };
        var line = _gpio.OpenInput(_options.Chip, _options.Line, bias, level => Seen(level != _isActiveLow));
        try
        {
            var level = line.Read() != _isActiveLow;
            lock (_gate)
            {
                _debouncer ??= new Debouncer(_options.Debounce, level);
            }

            // It may have changed while nobody looked.
            Seen(level);
            return line;
        }
        catch
        {
            line.Dispose();
            throw;
        }
    }

    private async Task FollowAsync(IGpioLine line, CancellationToken ct)
    {
        while (true)
        {
            TimeSpan wait;
            lock (_gate)
            {
                wait = _debouncer!.Due is { } due ? due - Now : Timeout.InfiniteTimeSpan;
            }

            if (wait == Timeout.InfiniteTimeSpan || wait > TimeSpan.Zero)
            {
                try
                {
                    await _woken.WaitAsync(wait, _time, ct);
                }
                catch (OperationCanceledException) when (ct.IsCancellationRequested)
                {
                    return;
                }
            }

            Settle(line.Read() != _isActiveLow);
        }
    }

    private void Seen(bool value)
    {
        bool isNew;
        lock (_gate)
        {
            isNew = _debouncer?.Change(value, Now) ?? false;
        }

        _woken.Set();
        if (isNew)
        {
            Report(value);
        }
    }

    private void Settle(bool value)
    {
        bool isNew;
        lock (_gate)
        {
            isNew = _debouncer!.Settle(Now, value);
        }

        if (isNew)
        {
            Report(value);
        }
    }

    private void Report(bool value)
    {
        if (_options.Count == "both" || _options.Count == (value ? "on" : "off"))
        {
            _counters.Add(_name);
        }

        long suppressed;
        lock (_gate)
        {
            if (!_limit.TryPass(Now, out suppressed))
            {
                return;
            }
        }

        _accumulator.Add((long)_boot.UptimeMs, [new Sample(GpioMetrics.Value, Attributes, value ? 1 : 0)]);
        if (_options.Events == "yes")
        {
            _events.Report(new DeviceEvent(
                GpioEvents.Changed, DeviceEvent.Info, [new("line", _name), new("value", value ? "on" : "off"), new("suppressed", suppressed.ToString())]));
        }
    }

    private void Fail(string reason)
    {
        if (Problem != reason)
        {
            Problem = reason;
            _events.Report(new DeviceEvent(GpioEvents.Failed, DeviceEvent.Warning, [new("line", _name), new("reason", reason)]));
        }
    }

    private void Recover()
    {
        if (Problem is not null)
        {
            Problem = null;
            _events.Report(new DeviceEvent(GpioEvents.Recovered, DeviceEvent.Info, [new("line", _name)]));
        }
    }
}
