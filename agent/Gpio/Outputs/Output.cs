using Messaging.Agent.Collect;
using Messaging.Agent.Configuration;
using Messaging.Agent.Events;
using Messaging.Agent.Uplink;

namespace Messaging.Agent.Gpio.Outputs;

/// <summary>
/// An output for as long as the agent runs: its initial value at the start, then what commands say, its safe value at the end and when nobody
/// is in control. What could not be written is tried again.
/// </summary>
internal sealed class Output : IDisposable
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);
    private readonly OutputMachine _machine;
    private readonly IOutputDriver _driver;
    private readonly Func<TimeSpan> _silence;
    private readonly IEventSink _events;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly Signal _woken = new();
    private bool _isWritten;
    private bool _hasEnded;

    /// <param name="plan">What it is.</param>
    /// <param name="driver">How it is set.</param>
    /// <param name="silence">How long control has not been heard.</param>
    /// <param name="events">Told of every change.</param>
    /// <param name="time">The clock.</param>
    public Output(OutputPlan plan, IOutputDriver driver, Func<TimeSpan> silence, IEventSink events, TimeProvider time)
    {
        Plan = plan;
        _machine = new OutputMachine(plan.Initial, plan.Safe, plan.SafeAfter);
        _driver = driver;
        _silence = silence;
        _events = events;
        _time = time;
        Attributes = AttributeSet.Of(plan.Kind == OutputKind.Gpio ? "gpio.line.name" : "pwm.output.name", plan.Name);
    }

    public OutputPlan Plan { get; }

    public AttributeSet Attributes { get; }

    /// <summary>Why it could not be set, or null.</summary>
    public string? Problem { get; private set; }

    /// <summary>What it was set to; null while it could not be set.</summary>
    public double? Value
    {
        get
        {
            lock (_gate)
            {
                return _isWritten ? _machine.Value : null;
            }
        }
    }

    private TimeSpan Now => _time.GetElapsedTime(0);

    /// <summary>Runs until cancelled, then sets the safe value.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        lock (_gate)
        {
            TryWrite();
        }

        while (!ct.IsCancellationRequested)
        {
            TimeSpan wait;
            lock (_gate)
            {
                _machine.Heard(Now - _silence());
                if (_machine.Tick(Now))
                {
                    TryWrite();
                }

                wait = Wait();
            }

            await _woken.WaitAsync(wait, _time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            lock (_gate)
            {
                if (!_isWritten && !ct.IsCancellationRequested)
                {
                    TryWrite();
                }
            }
        }

        Stop();
    }

    /// <summary>Does what a command says.</summary>
    /// <exception cref="IOException">It cannot be set now, and will not be later.</exception>
    public void Set(double value, TimeSpan? pulse)
    {
        lock (_gate)
        {
            if (_hasEnded)
            {
                throw new IOException("The agent is stopping.");
            }

            _driver.Write(value);
            _machine.Command(value, pulse, Now);
            Written();
        }

        _woken.Set();
    }

    public void Dispose() => _driver.Dispose();

    private TimeSpan Wait()
    {
        var wait = !_isWritten ? RetryInterval : Plan.SafeAfter > TimeSpan.Zero ? LookInterval : Timeout.InfiniteTimeSpan;
        if (_machine.Due is not { } due)
        {
            return wait;
        }

        var rest = due > Now ? due - Now : TimeSpan.FromMilliseconds(1);
        return wait == Timeout.InfiniteTimeSpan || rest < wait ? rest : wait;
    }

    private void Stop()
    {
        lock (_gate)
        {
            _hasEnded = true;
            if (_machine.Stop() is not null)
            {
                TryWrite();
            }

            _driver.Dispose();
        }
    }

    private void TryWrite()
    {
        try
        {
            _driver.Write(_machine.Value);
            Written();
        }
        catch (IOException e)
        {
            _isWritten = false;
            if (Problem != e.Message)
            {
                Problem = e.Message;
                _events.Report(new DeviceEvent(GpioEvents.Failed, DeviceEvent.Error, [new("output", Plan.Name), new("reason", e.Message)]));
            }
        }
    }

    private void Written()
    {
        _isWritten = true;
        if (Problem is not null)
        {
            Problem = null;
            _events.Report(new DeviceEvent(GpioEvents.Recovered, DeviceEvent.Info, [new("output", Plan.Name)]));
        }

        _events.Report(new DeviceEvent(
            GpioEvents.Output,
            _machine.Reason == OutputReason.ConnectionLost ? DeviceEvent.Warning : DeviceEvent.Info,
            [new("output", Plan.Name), new("value", Plan.Text(_machine.Value)), new("why", Word(_machine.Reason))]));
    }

    private static string Word(OutputReason reason) => reason switch
    {
        OutputReason.Command => "command",
        OutputReason.PulseEnd => "pulse-end",
        OutputReason.ConnectionLost => "connection-lost",
        OutputReason.Stopping => "stopping",
        _ => "initial",
    };
}
