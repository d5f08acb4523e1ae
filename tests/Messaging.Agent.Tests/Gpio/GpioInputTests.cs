using Messaging.Agent.Collect.Scheduling;
using Messaging.Agent.Configuration;
using Messaging.Agent.Disk;
using Messaging.Agent.Gpio;
using Messaging.Agent.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Messaging.Agent.Tests.Gpio;

public sealed class GpioInputTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new();
    private readonly FakeGpio _gpio = new();
    private readonly RecordedEvents _events = new();
    private readonly MetricAccumulator _accumulator = new(100);
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    [Fact]
    public async Task Run_LineChanges_ReportsAndCounts()
    {
        var input = await StartAsync(new GpioOptions { Line = "GPIO17", Count = "on" });

        _gpio.Set("GPIO17", true);
        _gpio.Set("GPIO17", false);
        _gpio.Set("GPIO17", true);

        Assert.Equal(["on", "off", "on"], _events.All.Select(e => RecordedEvents.Attribute(e, "value")));
        Assert.All(_events.All, e => Assert.Equal(("gpio.changed", "door"), (e.Name, RecordedEvents.Attribute(e, "line"))));
        Assert.True(input.Value);
        Assert.Equal(2, Counters["door"]);
        Assert.Equal(3, _accumulator.Count);
    }

    [Fact]
    public async Task Run_ActiveLowWithoutEvents_TurnsTheLevelRound()
    {
        _gpio.Set("4", true);
        var input = await StartAsync(new GpioOptions { Line = "4", ActiveLow = "yes", Events = "no" });
        Assert.False(input.Value);

        _gpio.Set("4", false);

        Assert.True(input.Value);
        Assert.Empty(_events.All);
    }

    [Fact]
    public async Task Run_Bouncing_CountsOnceWhenTheLevelHasStayed()
    {
        var input = await StartAsync(new GpioOptions { Line = "GPIO17", Count = "both", Debounce = TimeSpan.FromMilliseconds(20) });
        foreach (var level in new[] { true, false, true, false, true })
        {
            _gpio.Set("GPIO17", level);
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.False(input.Value);
        await Eventually.True(
            () =>
            {
                _time.Advance(TimeSpan.FromMilliseconds(5));
                return input.Value == true;
            },
            "the level that stayed counts");

        // It is reported a moment after it counts.
        await Eventually.True(() => _events.All.Count > 0, "the change is reported");
        Assert.Equal(1, Counters["door"]);
        Assert.Single(_events.All);
    }

    [Fact]
    public async Task Run_LineThatCannotBeHad_IsToldOnceAndTriedAgain()
    {
        _gpio.Refusal = "busy";
        var input = Start(new GpioOptions { Line = "GPIO17" });
        await Eventually.True(() => input.Problem == "busy", "the problem is known");
        _time.Advance(TimeSpan.FromSeconds(10));
        _gpio.Refusal = null;

        await Eventually.True(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                return input.Value == false;
            },
            "the line is had");

        await Eventually.True(() => _events.All.Count == 2, "both are told");
        Assert.Equal(["gpio.failed", "gpio.recovered"], _events.Names);
        Assert.Null(input.Problem);
    }

    [Fact]
    public async Task Run_Cancelled_ReleasesTheLine()
    {
        await StartAsync(new GpioOptions { Line = "GPIO17" });
        Assert.Equal(1, _gpio.Open);

        await _stop.CancelAsync();
        await _running;

        Assert.Equal(0, _gpio.Open);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
        _folder.Dispose();
    }

    private EdgeCounters Counters => field ??= new EdgeCounters(PhysicalDisk.Instance, _folder.Path);

    private GpioInput Start(GpioOptions options)
    {
        var input = new GpioInput("door", options, _gpio, Counters, _accumulator, _events, new FakeBoot(_time), _time);
        _running = input.RunAsync(_stop.Token);
        return input;
    }

    private async Task<GpioInput> StartAsync(GpioOptions options)
    {
        var input = Start(options);
        await Eventually.True(() => input.Value is not null, "the line is had");
        return input;
    }
}
