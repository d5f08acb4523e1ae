using System.Buffers;
using Messaging.FleetServer.Ingest;
using Messaging.FleetServer.Tests.Harness;
using Messaging.Streams;
using Messaging.Telemetry;
using Messaging.Time;
using Messaging.Wire;

namespace Messaging.FleetServer.Tests.Ingest;

/// <summary>What devices without a clock send lands where it belongs, whenever that becomes known.</summary>
public sealed class PlacingTests
{
    private const string Unplaced = "SELECT count(*) FROM unplaced";
    private const string Times = "SELECT t FROM points ORDER BY t";
    private const string Marks = "SELECT coalesce(boot, 'exact') FROM points ORDER BY t";

    [Fact]
    public async Task Points_OfADeviceThatThenSaysItsUptime_LandAtTheirTime()
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync();
        await device.SendAsync(StreamId.Metrics, RecordType.Metrics, device.Undated(20_000, 1));
        await device.AcknowledgedAsync("the point is stored");
        Assert.Equal(1, fleet.Count(Unplaced));
        Assert.Empty(fleet.Query(Times));

        var asked = Now();
        await device.AskTimeAsync();
        await Until.True(() => fleet.Count(Unplaced) == 0, "the point is placed");

        Assert.InRange(fleet.Count(Times), asked - 40_000, Now() - 40_000);
        Assert.Equal(["0"], fleet.Query(Marks));
        Assert.Empty(fleet.Query("SELECT reason FROM rejections"));
        Assert.Empty(fleet.Control.Logs.Errors);
    }

    [Fact]
    public async Task LinesAndEvents_OfADeviceThatThenSaysItsUptime_LandAtTheirTime()
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync();
        var boot = device.Boot;
        await device.SendAsync(StreamId.Logs, RecordType.Logs, Encode(new LogBatch(
            boot, null, 55_000, [Line(30_000, "first"), Line(31_000, "second")], []).Encode));
        await device.SendAsync(StreamId.Events, RecordType.Event, Encode(new EventBatch(
            new BootTime(boot, null, 55_000), [new DeviceEvent(10_000, "agent.started", 9, [])]).Encode));
        await device.AcknowledgedAsync("they are stored");
        Assert.Equal(["3", "3"], fleet.Query("SELECT quality FROM logs"));
        Assert.Equal(fleet.Query("SELECT received FROM logs"), fleet.Query("SELECT t FROM logs"));

        var asked = Now();
        await device.AskTimeAsync();
        await Until.True(() => fleet.Count("SELECT count(*) FROM logs WHERE quality = 1") == 2, "the lines are placed");
        await Until.True(() => fleet.Count("SELECT count(*) FROM events WHERE quality = 1") == 1, "the event is placed");

        Assert.InRange(fleet.Count("SELECT min(t) FROM logs"), asked - 30_000, Now() - 30_000);
        Assert.Equal(1000, fleet.Count("SELECT max(t) - min(t) FROM logs"));
        Assert.InRange(fleet.Count("SELECT t FROM events"), asked - 50_000, Now() - 50_000);
    }

    [Fact]
    public async Task Points_ThatWaitOverARestartOfControl_ArePlacedByWhatItLearnedBefore()
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync();
        await device.SendAsync(StreamId.Metrics, RecordType.Metrics, device.Undated(20_000, 1));
        await device.AcknowledgedAsync("the point is stored");
        await fleet.StopControlAsync();
        await fleet.StartControlAsync();
        var asked = Now();
        await device.AskTimeAsync();
        await Until.True(() => fleet.Count(Unplaced) == 0, "the point is placed");
        await fleet.StopControlAsync();
        await fleet.StartControlAsync();

        await device.SendAsync(StreamId.Metrics, RecordType.Metrics, device.Undated(21_000, 2));
        await device.AcknowledgedAsync("the second point is stored");

        Assert.Equal(1000, fleet.Count("SELECT max(t) - min(t) FROM points"));
        Assert.InRange(fleet.Count("SELECT min(t) FROM points"), asked - 40_000, Now() - 40_000);
    }

    [Fact]
    public async Task Points_OfABootThatWasOverBeforeAnybodyKnew_AreEstimatedBetweenItsNeighbours()
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync();
        var began = Now();
        await device.AskTimeAsync();
        await device.SendAsync(StreamId.Metrics, RecordType.Metrics, device.Undated(60_000, 1));
        await device.AcknowledgedAsync("the first boot is stored");

        await device.DisconnectAsync();
        device.UptimeMs = 5;
        device.Restart(reboot: true);
        var lost = device.Boot;
        device.Seal(StreamId.Metrics, RecordType.Metrics, device.Undated(3, 2));
        device.Restart(reboot: true);
        await fleet.ConnectAsync(device);
        await device.AskTimeAsync();
        await device.AcknowledgedAsync("the boot between is stored");
        await Until.True(() => fleet.Count("SELECT count(*) FROM points WHERE boot > 0") == 1, "it is estimated");

        Assert.InRange(fleet.Count("SELECT t FROM points WHERE boot > 0"), began - 60_000, Now());
        var boots = fleet.Control.Boots(device);
        Assert.Equal(["anchored", "estimated", "anchored"], boots.Select(boot => boot.TimeQuality));
        Assert.Equal((lost.ToString(), "neighbours", 0L), (boots[1].BootId, boots[1].Source, boots[1].UnplacedPoints));
    }

    [Fact]
    public async Task Points_ThatWereEstimated_MoveWhenTheBootIsKnown()
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync(connect: false);
        var lost = device.Boot;
        device.OpenEpoch();
        device.Seal(StreamId.Metrics, RecordType.Metrics, device.Undated(60_000, 7));
        var late = Encode(new LogBatch(BootId.Generate(), null, 10, [Line(60_000, "late") with { Boot = 1 }], [new BootTime(lost, null, 60_000)]).Encode);
        device.Restart(reboot: true);
        await fleet.ConnectAsync(device);
        await device.AskTimeAsync();
        await Until.True(() => fleet.Count("SELECT count(*) FROM points WHERE boot > 0") == 1, "it is estimated");

        var truth = Now() - 86_400_000;
        device.Boot = lost;
        await device.SendAsync(StreamId.Metrics, RecordType.Metrics, device.Metric(truth + 60_000, 8, "other"));
        await device.SendAsync(StreamId.Logs, RecordType.Logs, late);
        await Until.True(() => fleet.Count("SELECT count(*) FROM points WHERE boot > 0") == 0, "it is moved");

        Assert.Equal([$"{truth + 60_000}"], fleet.Query("SELECT t FROM points WHERE v = 7"));
        Assert.Equal(2, fleet.Count("SELECT count(*) FROM points"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Control_KilledWhileItPlaces_PlacesEveryPointOnce(bool afterCommit)
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync();
        var points = Enumerable.Range(1, 5000).Select(i => new MetricPoint(i, i)).ToList();
        await device.SendAsync(StreamId.Metrics, RecordType.Metrics, TestDevice.Encode(
            new MetricBatch(device.Boot, null, 6000, [new MetricSeries("system.cpu.utilization", "1", MetricKind.Gauge, [], points)])));
        await device.AcknowledgedAsync("the points are stored");
        fleet.Control.Store.AfterCommit = afterCommit;
        fleet.Control.Store.KillPlacing = () => fleet.Count("SELECT count(*) FROM points") > 0;

        await device.AskTimeAsync();
        await Until.True(() => fleet.Control.Store.IsDead, "it is killed");
        await fleet.StopControlAsync();
        Assert.Equal(afterCommit ? 1000 : 3000, fleet.Count(Unplaced));
        await fleet.StartControlAsync();

        await Until.True(() => fleet.Count(Unplaced) == 0, "all are placed");
        Assert.Equal(5000, fleet.Count("SELECT count(*) FROM points"));
        Assert.Equal(1, fleet.Count("SELECT count(DISTINCT t - v) FROM points"));
    }

    [Fact]
    public async Task Request_ForTheTime_IsAnsweredForThisBootAndItsUptime()
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync();
        var asked = Now();
        await device.AskTimeAsync(isWanted: true);
        await Until.True(() => !device.Beacons.IsEmpty, "a beacon comes");

        var content = device.Beacons.Single().Content;
        Assert.Equal((device.Id, device.Boot, (long)device.UptimeMs), (content.DeviceId, content.BootId, content.EchoedUptimeMs));
        Assert.InRange(content.UnixMs, asked, Now());
    }

    [Fact]
    public async Task Request_ThatIsMalformedOrWasKept_TeachesNothingAndIsCounted()
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync();
        await device.SendAsync(StreamId.Volatile, RecordType.TimeRequest, new byte[] { 0x85, 1 });
        await device.SendAsync(StreamId.Events, RecordType.TimeRequest, new TimeRequest(device.Boot, 5, true, null).Encode());
        await device.AcknowledgedAsync("the kept one is settled");

        await Until.True(() => fleet.Rejections(device, RejectionReason.Undecodable) == 1, "the malformed one is counted");
        await Until.True(() => fleet.Rejections(device, RejectionReason.UnknownType) == 1, "the kept one is counted");
        Assert.Equal(0, fleet.Count("SELECT count(*) FROM anchors"));
        Assert.Empty(device.Beacons);
    }

    [Theory]
    [InlineData(3_153_600_000_000)]
    [InlineData(-1_800_000_000_000)]
    public async Task Beacon_ThatADeviceMadeUp_MovesNothing(long off)
    {
        await using var fleet = await Fleet.StartAsync();
        var liar = await fleet.EnrolAsync();
        var honest = await fleet.EnrolAsync();
        await honest.AskTimeAsync();
        var asked = Now();
        await liar.AskTimeAsync(seen: new BeaconSeen(Math.Max(0, asked + off), 59_000, 59_100));
        await liar.SendAsync(StreamId.Metrics, RecordType.Metrics, liar.Undated(60_000, 1));
        await honest.SendAsync(StreamId.Metrics, RecordType.Metrics, honest.Undated(60_000, 2));
        await liar.AcknowledgedAsync("the liar's point is stored");
        await honest.AcknowledgedAsync("the other's point is stored");
        await Until.True(() => fleet.Count("SELECT count(*) FROM points") == 2, "both have a time");

        Assert.All(fleet.Query(Times), time => Assert.InRange(long.Parse(time), asked - 5000, Now()));
    }

    private static long Now() => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    private static LogEntry Line(long mono, string body) => new(mono, 9, new LogSource(LogSourceKind.File, "/var/log/x"), body, []);

    private static byte[] Encode(Action<IBufferWriter<byte>> encode)
    {
        var output = new ArrayBufferWriter<byte>();
        encode(output);
        return output.WrittenSpan.ToArray();
    }
}
