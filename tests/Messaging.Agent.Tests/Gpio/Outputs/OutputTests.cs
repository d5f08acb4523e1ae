using Messaging.Agent.Configuration;
using Messaging.Agent.Gpio.Outputs;
using Messaging.Agent.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Messaging.Agent.Tests.Gpio.Outputs;

public sealed class OutputTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly FakeGpio _gpio = new();
    private readonly RecordedEvents _events = new();
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;
    private bool _isSilent;
    private long _heardAt;

    [Fact]
    public async Task Run_StartCommandAndStop_WritesInitialCommandedAndSafe()
    {
        var output = await StartAsync(new GpioOptions { Line = "1", Initial = "on", Safe = "off" });
        output.Set(0, pulse: null);
        output.Set(1, pulse: null);

        await _stop.CancelAsync();
        await _running;

        Assert.Equal([true, false, true, false], _gpio.Written);
        Assert.Equal(0, _gpio.Open);
        Assert.Equal(["initial", "command", "command", "stopping"], Why());
        Assert.Throws<IOException>(() => output.Set(1, pulse: null));
    }

    [Fact]
    public async Task Run_ActiveLow_WritesTheOpposite()
    {
        var output = await StartAsync(new GpioOptions { Line = "1", ActiveLow = "yes", Safe = "keep" });
        output.Set(1, pulse: null);

        await _stop.CancelAsync();
        await _running;

        Assert.Equal([true, false], _gpio.Written);
    }

    [Fact]
    public async Task Set_Pulse_EndsByItself()
    {
        var output = await StartAsync(new GpioOptions { Line = "1" });

        output.Set(1, TimeSpan.FromSeconds(3));
        await Advance(() => output.Value == 0);

        Assert.Equal([false, true, false], _gpio.Written);
        Assert.Equal(["initial", "command", "pulse-end"], Why());
    }

    [Fact]
    public async Task Run_ControlSilent_GoesToTheSafeValue()
    {
        var output = await StartAsync(new GpioOptions { Line = "1", SafeAfter = TimeSpan.FromSeconds(30) });
        output.Set(1, pulse: null);
        _heardAt = _time.GetTimestamp();
        _isSilent = true;

        await Advance(() => output.Value == 0);

        Assert.Equal(["initial", "command", "connection-lost"], Why());
        _isSilent = false;
        output.Set(1, pulse: null);
        Assert.Equal(1, output.Value);
    }

    [Fact]
    public async Task Run_LineThatCannotBeHad_IsSetAsSoonAsItCan()
    {
        _gpio.Refusal = "busy";
        var output = Start(new GpioOptions { Line = "1", Initial = "on" });
        await Eventually.True(() => output.Problem == "busy", "the problem is known");
        Assert.Equal("busy", Assert.Throws<IOException>(() => output.Set(0, pulse: null)).Message);
        _gpio.Refusal = null;

        await Advance(() => output.Value == 1);

        Assert.Equal([true], _gpio.Written);
        Assert.Null(output.Problem);
        Assert.Equal(["gpio.failed", "gpio.recovered", "output.changed"], _events.Names);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private TimeSpan Silence() => Volatile.Read(ref _isSilent) ? _time.GetElapsedTime(_heardAt) : TimeSpan.Zero;

    private IEnumerable<string> Why() => _events.All.Where(e => e.Name == "output.changed").Select(e => RecordedEvents.Attribute(e, "why"));

    private Output Start(GpioOptions options)
    {
        var output = new Output(OutputPlan.Of("pump", options), new GpioOutputDriver(options, _gpio), Silence, _events, _time);
        _running = output.RunAsync(_stop.Token);
        return output;
    }

    private async Task<Output> StartAsync(GpioOptions options)
    {
        var output = Start(options);
        await Eventually.True(() => output.Value is not null, "the output is set");
        return output;
    }

    private Task Advance(Func<bool> until) => Eventually.True(
        () =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return until();
        },
        "the output changes");
}
