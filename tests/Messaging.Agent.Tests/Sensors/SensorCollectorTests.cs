using Messaging.Agent.Collect;
using Messaging.Agent.Configuration;
using Messaging.Agent.Events;
using Messaging.Agent.Sensors;
using Messaging.Agent.Tests.Collect;
using Messaging.Agent.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Messaging.Agent.Tests.Sensors;

public sealed class SensorCollectorTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly RecordedEvents _events = new();
    private readonly BusThreads _buses = new();

    [Fact]
    public async Task Collect_Value_IsScaledAndNamedByItsQuantity()
    {
        var samples = await RecordedSamples.Of(Collector(new() { Scale = 2, Offset = -1 }, new(Quantities.Temperature) { Values = [21.5] }));

        Assert.Equal(42, samples["hw.temperature{hw.id=boiler,hw.name=boiler}"]);
        Assert.Equal("Cel", Assert.Single(samples.Metrics).Unit);
    }

    [Fact]
    public async Task Collect_OwnMetricAndUnit_AreUsed()
    {
        var samples = await RecordedSamples.Of(Collector(new() { Metric = "tank.level", Unit = "%" }, new(Quantities.Value) { Values = [80] }));

        Assert.Equal(80, samples["tank.level{hw.id=boiler,hw.name=boiler}"]);
        Assert.Equal(new MetricDefinition("tank.level", "%", InstrumentKind.Gauge), Assert.Single(samples.Metrics));
    }

    [Fact]
    public async Task Collect_DeviceOfSeveralQuantities_GivesAllOrTheChosen()
    {
        var source = new FakeSource(Quantities.Temperature, Quantities.Humidity, Quantities.Pressure) { Values = [20, double.NaN, 101_325] };

        Assert.Equal(
            ["hw.pressure{hw.id=boiler,hw.name=boiler}", "hw.temperature{hw.id=boiler,hw.name=boiler}"],
            (await RecordedSamples.Of(Collector(new(), source))).Values.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(101_325, Assert.Single((await RecordedSamples.Of(Collector(new() { Quantity = "pressure" }, source))).Values).Value);
    }

    [Fact]
    public async Task Collect_LimitPassed_IsAnEventEachWay()
    {
        var source = new FakeSource(Quantities.Temperature);
        var collector = Collector(new() { WarnAbove = 80, CriticalAbove = 95, Hysteresis = 2 }, source);
        foreach (var value in new[] { 70.0, 81, 82, 96, 79, 77 })
        {
            source.Values = [value];
            await RecordedSamples.Of(collector);
        }

        Assert.Equal(
            ["high.warning 81 80 13", "high.critical 96 95 17", "high.warning 79 80 13", "normal 77  9"],
            _events.All.Select(e => $"{RecordedEvents.Attribute(e, "level")} {RecordedEvents.Attribute(e, "value")} {RecordedEvents.Attribute(e, "limit")} {e.Severity}"));
        Assert.All(_events.All, e => Assert.Equal(("sensor.threshold", "boiler"), (e.Name, RecordedEvents.Attribute(e, "sensor"))));
    }

    [Fact]
    public async Task Collect_Deadband_ReportsAPassedLimitAllTheSame()
    {
        var source = new FakeSource(Quantities.Temperature);
        var collector = Collector(new() { Deadband = 5, WarnAbove = 80 }, source);
        var counts = new List<int>();
        foreach (var value in new[] { 79.0, 79.5, 80, 79 })
        {
            source.Values = [value];
            counts.Add((await RecordedSamples.Of(collector)).Values.Count);
        }

        Assert.Equal([1, 0, 1, 1], counts);
    }

    [Fact]
    public async Task Collect_AfterAFailure_ReportsTheFirstValue()
    {
        var source = new FakeSource(Quantities.Temperature) { Values = [20] };
        var collector = Collector(new() { Deadband = 5 }, source);
        await RecordedSamples.Of(collector);
        source.Values = null;
        Assert.Equal("gone", (await Assert.ThrowsAsync<IOException>(() => RecordedSamples.Of(collector))).Message);

        source.Values = [20];

        Assert.Single((await RecordedSamples.Of(collector)).Values);
    }

    [Fact]
    public async Task Collect_BusThatHangs_HoldsUpOnlyItsOwnSensors()
    {
        using var gate = new ManualResetEventSlim();
        var hanging = Collector(new(), new(Quantities.Temperature) { Bus = "w1_bus_master1", Gate = gate, Values = [1] });
        var neighbour = Collector(new(), new(Quantities.Temperature) { Bus = "w1_bus_master1", Values = [2] });
        var other = Collector(new(), new(Quantities.Temperature) { Bus = "w1_bus_master2", Values = [3] });

        var first = RecordedSamples.Of(hanging);
        var second = RecordedSamples.Of(neighbour);
        Assert.Equal(3, Assert.Single((await RecordedSamples.Of(other)).Values).Value);
        Assert.False(first.IsCompleted);
        Assert.False(second.IsCompleted);

        gate.Set();
        Assert.Equal(1, Assert.Single((await first).Values).Value);
        Assert.Equal(2, Assert.Single((await second).Values).Value);
    }

    [Fact]
    public async Task Collect_GivenUpWhileItWaitsForTheBus_IsNotRead()
    {
        using var gate = new ManualResetEventSlim();
        using var cancel = new CancellationTokenSource();
        var first = RecordedSamples.Of(Collector(new(), new(Quantities.Temperature) { Bus = "w1", Gate = gate, Values = [1] }));
        var waiting = Collector(new() { WarnAbove = 0 }, new(Quantities.Temperature) { Bus = "w1", Values = [2] }).CollectAsync(new RecordedSamples(), cancel.Token);

        await cancel.CancelAsync();
        gate.Set();

        await first;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.AsTask());
        Assert.Empty(_events.All);
    }

    [Fact]
    public void Deadline_SensorsThatShareABus_HaveTimeForAll() =>
        Assert.Equal(TimeSpan.FromSeconds(30), new SensorCollector("a", new(), new FakeSource(), _buses, 3, _events, _time).Deadline(TimeSpan.FromSeconds(10)));

    public void Dispose() => _buses.Dispose();

    private SensorCollector Collector(SensorOptions options, FakeSource source) => new("boiler", options, source, _buses, 1, _events, _time);
}
