using Messaging.Agent.Clock;
using Messaging.Agent.Configuration;
using Messaging.Agent.Disk;
using Messaging.Agent.Tests.Disk;
using Messaging.Agent.Tests.Hosting;
using Messaging.Agent.Tests.Support;
using Messaging.Agent.Uplink.Flow;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Messaging.Agent.Tests.Uplink.Flow;

public sealed class DataMeterTests
{
    private const long Limit = 10_000_000;
    private const long Step = Limit / 50;
    private const string Path = "state/data";
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddDays((BuildTime.UnixMs / 86_400_000) + 1));
    private readonly FixedBootClock _boot = new();
    private readonly RecordedEvents _events = new();
    private readonly CrashDisk _disk = new("state");

    [Fact]
    public void Count_UpToTheLimits_TellsOnceAndHoldsMetricsBack()
    {
        var meter = Meter();
        meter.Count(7_999_999);
        Assert.Empty(_events.Names);
        meter.Count(1);
        meter.Count(999_999);
        Assert.Equal(["uplink.data.near"], _events.Names);
        Assert.False(meter.IsBulkHeld);

        var changes = 0;
        meter.Changed += () => changes++;
        meter.Count(1);
        meter.Count(1_000_000);

        Assert.True(meter.IsBulkHeld);
        Assert.Equal(["uplink.data.near", "uplink.data.reached"], _events.Names);
        Assert.Equal(1, changes);
        Assert.Equal("9000000", RecordedEvents.Attribute(_events.All[1], "used"));
    }

    [Fact]
    public void IsBulkHeld_OnTheNextDay_IsOver()
    {
        var meter = Meter();
        meter.Count((int)Limit);
        Assert.True(meter.IsBulkHeld);
        Assert.Equal(TimeSpan.FromDays(1), meter.Use!.Left);

        _time.Advance(TimeSpan.FromDays(1));

        Assert.False(meter.IsBulkHeld);
        Assert.Equal(0, meter.Use!.Used);
        meter.Count((int)Limit);
        Assert.Equal(["uplink.data.reached", "uplink.data.reached"], _events.Names);
    }

    [Fact]
    public void IsHistoryHeld_DependsOnHowMuchOfTheDayHasPassed()
    {
        var meter = Meter();
        meter.Count(3_000_000);
        _time.Advance(TimeSpan.FromHours(7));
        Assert.True(meter.IsHistoryHeld);

        _time.Advance(TimeSpan.FromHours(2));

        // 9 of 24 hours: 3.375 million of the 9 that metrics, logs and history may use.
        Assert.False(meter.IsHistoryHeld);
        meter.Count(400_000);
        Assert.True(meter.IsHistoryHeld);
    }

    [Fact]
    public void Load_AfterAKill_HasUsedAtLeastWhatWentAndAtMostAStepMore()
    {
        // After every single byte count of a morning.
        for (var used = 1L; used < 3_000_000; used += 123_457)
        {
            var disk = new CrashDisk("state");
            var meter = Meter(disk);
            for (var left = used; left > 0; left -= 1400)
            {
                meter.Count((int)Math.Min(left, 1400));
            }

            Assert.InRange(Meter(disk).Use!.Used, used, used + Step);
        }
    }

    [Fact]
    public void Load_AfterAPowerCutAnywhere_HasNeverUsedLess()
    {
        var meter = Meter();
        var noted = new List<(int Operations, long Used)>();
        for (var used = 1400L; used < 1_000_000; used += 1400)
        {
            meter.Count(1400);
            noted.Add((_disk.Operations, used));
        }

        Assert.InRange(PowerCuts.Each(_disk, 1, 0, int.MaxValue, (left, completed, place) =>
        {
            var certain = noted.LastOrDefault(one => one.Operations <= completed).Used;
            Assert.True(Meter(left).Use!.Used >= certain, place);
        }), 20, int.MaxValue);
    }

    [Fact]
    public void Count_InACrashLoop_UsesTheDayUpWithoutSendingIt()
    {
        var sent = 0L;
        var starts = 0;
        while (!Meter().IsBulkHeld)
        {
            starts++;
            Meter().Count(5000);
            sent += 5000;
        }

        Assert.InRange(starts, 40, 46);
        Assert.InRange(sent, 0, Limit);
    }

    [Fact]
    public void Count_OfAWholeDay_WritesFiftyTimesAtMost()
    {
        var meter = Meter();
        for (var i = 0; i < Limit / 1000; i++)
        {
            meter.Count(1000);
        }

        Assert.InRange(_disk.Journal.Count(operation => operation.Kind == CrashOperationKind.Rename), 1, 52);
    }

    [Fact]
    public void Save_AtTheEnd_KeepsTheExactNumberAndWhatWasTold()
    {
        var meter = Meter();
        meter.Count(8_100_123);
        meter.Save();

        var next = Meter();

        Assert.Equal(8_100_123, next.Use!.Used);
        next.Count(1);
        Assert.Equal(["uplink.data.near"], _events.Names);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(16)]
    [InlineData(40)]
    [InlineData(4096)]
    public void Load_FileOfAnotherLength_CountsAnew(int length)
    {
        using (var file = _disk.Open(Path, create: true))
        {
            file.Write(0, new byte[length]);
        }

        Assert.Equal(0, Meter().Use!.Used);
    }

    [Fact]
    public void Count_OnADiskThatRefuses_GoesOnCounting()
    {
        _disk.Fail = _ => true;
        var meter = Meter();

        meter.Count((int)Limit);

        Assert.True(meter.IsBulkHeld);
    }

    [Fact]
    public void Count_WithoutALimit_TouchesNoDisk()
    {
        var meter = Meter(limit: 0);

        meter.Count(int.MaxValue);
        meter.Save();

        Assert.Equal(0, _disk.Operations);
        Assert.False(meter.IsBulkHeld || meter.IsHistoryHeld);
        Assert.Null(meter.Use);
    }

    private DataMeter Meter(IDisk? disk = null, long limit = Limit) => new(
        disk ?? _disk, Path, new UplinkOptions { DailyBytes = limit }, new WallClock(_time, _boot, new TrustedClock(_boot), new FakeDiscipline(), new AgentOptions()), _events, _time, NullLogger<DataMeter>.Instance);
}
