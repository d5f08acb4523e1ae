using Messaging.Agent.Collect;
using Messaging.Agent.Collect.Scheduling;
using Messaging.Agent.Configuration;
using Messaging.Agent.Status;
using Messaging.Agent.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Messaging.Agent.Tests.Collect.Scheduling;

public sealed class CollectSchedulerTests : IAsyncDisposable
{
    private readonly TemporaryFolder _state = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly FakeBoot _boot;
    private readonly RecordedEvents _events = new();
    private readonly MetricAccumulator _accumulator = new(100);
    private readonly CancellationTokenSource _stop = new();
    private readonly AgentOptions _options = new();
    private Task _running = Task.CompletedTask;

    public CollectSchedulerTests() => _boot = new FakeBoot(_time);

    [Fact]
    public async Task Run_EachCollector_KeepsItsOwnInterval()
    {
        var (fast, slow) = (Every(2), Every(10, "slow"));
        Start(fast, slow);
        await Calls(fast, 1);
        await Calls(slow, 1);

        await Advance(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(2), fast);

        await Calls(fast, 6);
        await Calls(slow, 2);
    }

    [Fact]
    public async Task Run_CollectorThatBlocks_HoldsUpNobodyAndIsReported()
    {
        using var release = new ManualResetEventSlim();
        var stuck = Every(1, "stuck");
        stuck.Script = (_, _) =>
        {
            release.Wait(TimeSpan.FromSeconds(30), CancellationToken.None);
            return ValueTask.CompletedTask;
        };
        var other = Every(1, "other");
        var scheduler = Start(stuck, other);
        await Calls(other, 1);
        await Calls(stuck, 1);

        await AdvanceUntil(() => Health(scheduler, "stuck").State == "hanging", "the deadline passes");
        var before = other.Calls;
        await Advance(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(1), other);

        Assert.True(other.Calls >= before + 5);
        Assert.Equal(1, stuck.Calls);
        var hanging = Assert.Single(_events.All);
        Assert.Equal("collector.hanging", hanging.Name);
        Assert.Equal("took longer than 10 s", RecordedEvents.Attribute(hanging, "reason"));
        Assert.Contains(Status(scheduler).Problems, p => p.Area == "collector stuck");

        release.Set();
        await AdvanceUntil(() => _events.Names.Contains("collector.recovered"), "the collector is asked again after it came back");
        await State(scheduler, "stuck", "ok");
    }

    [Fact]
    public async Task Run_SamplesOfACollectionPastItsDeadline_AreDropped()
    {
        using var release = new ManualResetEventSlim();
        var late = Every(60);
        late.Script = (recorder, _) =>
        {
            recorder.Record(SystemMetrics.Load1, AttributeSet.None, 1);
            release.Wait(TimeSpan.FromSeconds(30), CancellationToken.None);
            recorder.Record(SystemMetrics.Load5, AttributeSet.None, 1);
            return ValueTask.CompletedTask;
        };
        var scheduler = Start(late);
        await Calls(late, 1);
        await AdvanceUntil(() => Health(scheduler, "fast").State == "hanging", "the deadline passes");
        release.Set();

        Assert.Equal(0, _accumulator.Count);
    }

    [Fact]
    public async Task Run_CollectorThatFails_IsReportedOnceAndItsHalfCollectionIsDropped()
    {
        var bad = Every(1);
        bad.Script = (recorder, _) =>
        {
            recorder.Record(SystemMetrics.Load1, AttributeSet.None, 1);
            throw new IOException("no medium");
        };
        var scheduler = Start(bad);
        await Calls(bad, 1);
        await Advance(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(1), bad);
        await State(scheduler, "fast", "failing");

        Assert.Equal(0, _accumulator.Count);
        Assert.Equal("no medium", RecordedEvents.Attribute(Assert.Single(_events.All), "reason"));
        Assert.Equal("no medium", Health(scheduler, "fast").Problem);

        bad.Script = (_, _) => ValueTask.CompletedTask;
        await Advance(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), bad);
        await State(scheduler, "fast", "ok");
        Assert.Equal(["collector.failed", "collector.recovered"], _events.Names);
    }

    [Fact]
    public async Task Run_UnavailableCollector_SaysSoOnceAndIsSeldomAskedAgain()
    {
        var absent = Every(1);
        absent.Script = (_, _) => throw new CollectorUnavailableException("no sensors");
        var scheduler = Start(absent);
        await State(scheduler, "fast", "unavailable");

        _time.Advance(TimeSpan.FromMinutes(9));
        Assert.Equal(1, absent.Calls);
        await AdvanceUntil(() => absent.Calls == 2, "it is asked again after ten minutes");

        Assert.Equal(["collector.unavailable"], _events.Names);
        Assert.Empty(Status(scheduler).Problems);
    }

    [Fact]
    public async Task CollectNow_NamedCollector_CollectsAtOnceAndKeepsItsGrid()
    {
        var (one, two) = (Every(60, "one"), Every(60, "two"));
        var scheduler = Start(one, two);
        await Calls(one, 1);
        await Calls(two, 1);
        _time.Advance(TimeSpan.FromSeconds(50));

        Assert.Empty(await scheduler.CollectNowAsync(["one"], TestContext.Current.CancellationToken));
        Assert.Equal((2, 1), (one.Calls, two.Calls));

        _time.Advance(TimeSpan.FromSeconds(10));
        await Calls(one, 3);
        await Calls(two, 2);
    }

    /// <summary>What began before somebody asked is not what they asked for.</summary>
    [Fact]
    public async Task CollectNow_WhileItCollectsAnyway_IsAnsweredByTheNextOne()
    {
        var collector = Every(60);
        var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        collector.Script = (_, _) => collector.Calls == 1 ? new ValueTask(first.Task) : ValueTask.CompletedTask;
        var scheduler = Start(collector);
        await Calls(collector, 1);

        var asked = scheduler.CollectNowAsync([], TestContext.Current.CancellationToken);
        first.SetException(new IOException("no medium"));

        Assert.Empty(await asked);
        Assert.Equal(2, collector.Calls);
    }

    [Fact]
    public async Task CollectNow_WhatFailsOrIsUnknown_IsNamed()
    {
        var (good, bad) = (Every(60, "good"), Every(60, "bad"));
        bad.Script = (_, _) => throw new IOException("no medium");
        var scheduler = Start(good, bad);

        var all = await scheduler.CollectNowAsync([], TestContext.Current.CancellationToken);
        var named = await scheduler.CollectNowAsync(["good", "missing"], TestContext.Current.CancellationToken);

        Assert.Equal(["bad: no medium"], all);
        Assert.Equal(["missing: there is no such collector here"], named);
    }

    [Fact]
    public async Task TrySetIntervals_WhileRunning_TakesEffectAtOnceAndOutlivesARestart()
    {
        var collector = Every(3600);
        var scheduler = Start(collector);
        var changes = 0;
        scheduler.IntervalsChanged += (_, _) => changes++;
        await Calls(collector, 1);

        Assert.Null(scheduler.TrySetIntervals([new("fast", TimeSpan.FromSeconds(2))]));
        await Advance(TimeSpan.FromSeconds(6), TimeSpan.FromSeconds(2), collector);

        Assert.Equal(4, collector.Calls);
        Assert.Equal(1, changes);
        var restarted = Scheduler(Every(3600));
        Assert.Equal([new("fast", TimeSpan.FromSeconds(2))], restarted.Intervals);
        Assert.Equal("command", Health(restarted, "fast").IntervalFrom);
    }

    [Fact]
    public async Task Run_DisabledCollector_IsNeverAsked()
    {
        _options.Collect.Disable = "fast";
        var (off, on) = (Every(1), Every(1, "on"));
        var scheduler = Start(off, on);
        await Calls(on, 1);

        Assert.Equal(0, off.Calls);
        Assert.Equal("off", Health(scheduler, "fast").State);
        Assert.Equal(["on"], scheduler.Intervals.Select(i => i.Key));
    }

    [Fact]
    public async Task Run_Samples_CarryTheTimeAtWhichTheCollectionBegan()
    {
        var collector = Every(5);
        collector.Script = (recorder, _) =>
        {
            recorder.Record(SystemMetrics.Load1, AttributeSet.None, 0.5);
            recorder.Record(SystemMetrics.Load5, AttributeSet.None, double.NaN);
            return ValueTask.CompletedTask;
        };
        var began = (long)_boot.UptimeMs;
        Start(collector);
        await Calls(collector, 1);
        await Advance(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5), collector);
        await Eventually.True(() => _accumulator.Count == 2, "two points");

        var points = new List<(string, long, double)>();
        _accumulator.Drain(s => points.AddRange(s.Times.Zip(s.Values, (t, v) => (s.Metric.Name, t - began, v))));
        Assert.Equal([("system.linux.cpu.load_1m", 0, 0.5), ("system.linux.cpu.load_1m", 5000, 0.5)], points);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _running == Task.CompletedTask ? Task.FromCanceled(_stop.Token) : _running);
        _stop.Dispose();
        _state.Dispose();
    }

    private static ScriptedCollector Every(double seconds, string name = "fast") => new(name, TimeSpan.FromSeconds(seconds));

    private CollectScheduler Scheduler(params ICollector[] collectors)
    {
        _options.Device.State = _state.Path;
        return new CollectScheduler(collectors, _options, _accumulator, _events, _boot, _time, NullLogger<CollectScheduler>.Instance);
    }

    private CollectScheduler Start(params ICollector[] collectors)
    {
        var scheduler = Scheduler(collectors);
        _running = scheduler.RunAsync(_stop.Token);
        return scheduler;
    }

    private static StatusBuilder Status(CollectScheduler scheduler)
    {
        var status = new StatusBuilder();
        scheduler.Contribute(status);
        return status;
    }

    private static CollectorStatus Health(CollectScheduler scheduler, string name) => Status(scheduler).Collectors.Single(c => c.Name == name);

    private static Task State(CollectScheduler scheduler, string name, string state) =>
        Eventually.True(() => Health(scheduler, name).State == state, $"{name} is {state}");

    private static Task Calls(ScriptedCollector collector, int count) =>
        Eventually.True(() => collector.Calls == count, $"{collector.Name} was asked {count} times");

    /// <summary>Moves time by the collector's interval and lets it be asked, again and again.</summary>
    private async Task Advance(TimeSpan whole, TimeSpan interval, ScriptedCollector collector)
    {
        for (var passed = TimeSpan.Zero; passed < whole; passed += interval)
        {
            var before = collector.Calls;
            _time.Advance(interval);
            await Eventually.True(() => collector.Calls > before, "the collector is asked at its interval");
        }
    }

    private Task AdvanceUntil(Func<bool> condition, string what) => Eventually.True(
        () =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return condition();
        },
        what);
}
