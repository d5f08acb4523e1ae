using Messaging.FleetServer.Ingest;
using Messaging.FleetServer.Tests.Harness;
using Messaging.Streams;
using Messaging.Telemetry;

namespace Messaging.FleetServer.Tests.Ingest;

/// <summary>Batches that name series by numbers: what the numbers stand for outlives the server's process, and nobody can bend it.</summary>
public sealed class EpochSeriesTests
{
    private const long Start = 1_700_000_000_000;
    private const string Values = "SELECT name || ' ' || attributes || ' ' || v FROM points JOIN series ON series.id = points.series ORDER BY t, name, attributes";
    private static readonly SeriesDefinition Load = new("load", "1", MetricKind.Gauge, [], 2);
    private static readonly SeriesDefinition Io = new("io", "By", MetricKind.Counter, [new("device", "sda")], 0);

    [Fact]
    public async Task Batch_ByNumbersOfAnEarlierRecord_IsStoredAlsoAfterARestart()
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync();
        await SendAsync(device, Start, (0, Load, 1.25), (1, Io, 5));
        await device.AcknowledgedAsync("the first is acknowledged");

        await fleet.StopControlAsync();
        await fleet.StartControlAsync();
        await SendAsync(device, Start + 1, [new SeriesEntry(2, Io with { Attributes = [new("device", "sdb")] }, 1)], (0, Load, 1.5), (2, Io with { Attributes = [new("device", "sdb")] }, 7));
        await device.AcknowledgedAsync("the second is acknowledged");

        Assert.Equal(["io {\"device\":\"sda\"} 5.0", "load {} 1.25", "io {\"device\":\"sdb\"} 7.0", "load {} 1.5"], fleet.Query(Values));
        Assert.Empty(device.SeriesAsked);
        Assert.Empty(fleet.Query("SELECT reason FROM rejections"));
    }

    [Fact]
    public async Task Batch_InBothVersions_IsOneSeries()
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync();

        await device.SendAsync(StreamId.Metrics, RecordType.Metrics, device.Metric(Start, 0.5, "load"));
        await SendAsync(device, Start + 1, (0, Load, 0.75));
        await device.AcknowledgedAsync("both are acknowledged");

        Assert.Equal(["load {} 0.5", "load {} 0.75"], fleet.Query(Values));
        Assert.Equal(1, fleet.Count("SELECT count(*) FROM series"));
    }

    [Fact]
    public async Task Batch_OfNumbersThatTheServerForgot_IsAskedForAndThenStoredOnce()
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync();
        await ForgetAsync(fleet, device);
        device.Explain = request => new SeriesAnswer(request.EpochId, [.. request.Ids.Select(id => KeyValuePair.Create(id, id == 0 ? Load : Io))], []);

        await SendAsync(device, Start + 1, [], (0, Load, 2), (1, Io, 6));
        await device.AcknowledgedAsync("it is acknowledged");

        Assert.Equal([0U, 1U], device.SeriesAsked.First().Ids);
        Assert.Equal(["io {\"device\":\"sda\"} 5.0", "load {} 1.0", "io {\"device\":\"sda\"} 6.0", "load {} 2.0"], fleet.Query(Values));
        Assert.True(fleet.Rejections(device, RejectionReason.UnknownSeries) > 0);
        Assert.Empty(fleet.Query("SELECT reason FROM gaps"));

        // The answer is as durable as a definition in a record.
        await fleet.StopControlAsync();
        await fleet.StartControlAsync();
        var asked = device.SeriesAsked.Count;
        await SendAsync(device, Start + 2, [], (0, Load, 3));
        await device.AcknowledgedAsync("the next is acknowledged");
        Assert.Equal(asked, device.SeriesAsked.Count);
    }

    [Fact]
    public async Task Batch_OfNumbersThatTheDeviceForgotToo_IsAGapAndTheRestGoesOn()
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync();
        await ForgetAsync(fleet, device);
        device.Explain = request => new SeriesAnswer(request.EpochId, [], request.Ids);

        await SendAsync(device, Start + 1, [], (0, Load, 2));
        await SendAsync(device, Start + 2, (5, Load, 3));
        await device.AcknowledgedAsync("everything is acknowledged or given up");

        Assert.Equal(["series-lost 2 2"], fleet.Query("SELECT reason || ' ' || from_seq || ' ' || to_seq FROM gaps"));
        Assert.Equal(["load {} 3.0"], fleet.Query(Values.Replace("ORDER BY", $"WHERE t > {Start} ORDER BY", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Batch_OfNumbersThatNobodyExplains_IsNotAcknowledgedAndHoldsUpNoOtherStream()
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync();

        await SendAsync(device, Start, [], (3, Load, 1));
        await Until.True(() => !device.SeriesAsked.IsEmpty, "the server asks");
        await device.SendAsync(StreamId.Logs, RecordType.Logs, TestDevice.Lines("one"));

        await Until.True(() => device.Unacknowledged == 1, "the line is acknowledged, the batch is not");
        Assert.Equal([3U], device.SeriesAsked.First().Ids);
        Assert.Empty(fleet.Query("SELECT t FROM points"));
    }

    [Fact]
    public async Task Batch_ThatGivesANumberAnotherMeaning_IsAGapAndTheMeaningStays()
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync();
        await SendAsync(device, Start, (0, Load, 1));

        await SendAsync(device, Start + 1, (0, Io, 2));
        await SendAsync(device, Start + 2, [], (0, Load, 3));
        await device.AcknowledgedAsync("everything is acknowledged or given up");

        Assert.Equal(["load {} 1.0", "load {} 3.0"], fleet.Query(Values));
        Assert.Equal([RejectionReason.SeriesRedefined], fleet.Query("SELECT reason FROM gaps"));
    }

    [Fact]
    public async Task Answer_ThatGivesANumberAnotherMeaning_ChangesNothing()
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync();
        await SendAsync(device, Start, (0, Load, 1));
        await device.AcknowledgedAsync("it is acknowledged");

        await device.SendAsync(StreamId.Volatile, RecordType.SeriesAnswer, new SeriesAnswer(device.Epoch.Id, [new(0, Io)], [0]).Encode());
        await Until.True(() => fleet.Rejections(device, RejectionReason.SeriesRedefined) == 1, "it is counted");
        await SendAsync(device, Start + 1, [], (0, Load, 2));
        await device.AcknowledgedAsync("the next is acknowledged");

        Assert.Equal(["load {} 1.0", "load {} 2.0"], fleet.Query(Values));
    }

    [Fact]
    public async Task Number_OfAnotherEpochOrDevice_MeansNothing()
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync();
        var other = await fleet.EnrolAsync();
        await SendAsync(device, Start, (0, Load, 1));
        await device.AcknowledgedAsync("it is acknowledged");
        device.Restart();
        await device.SendOpeningAsync();

        await SendAsync(other, Start + 1, [], (0, Load, 2));
        await SendAsync(device, Start + 2, [], (0, Load, 3));

        await Until.True(() => !other.SeriesAsked.IsEmpty && !device.SeriesAsked.IsEmpty, "both are asked");
        Assert.Equal(["load {} 1.0"], fleet.Query(Values));
    }

    [Fact]
    public async Task Definitions_OfAnEpochThatIsFinished_AreForgotten()
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync();
        await SendAsync(device, Start, (0, Load, 1), (1, Io, 1));
        await device.AcknowledgedAsync("the first is acknowledged");
        Assert.Equal(2, fleet.Count("SELECT count(*) FROM epoch_series"));

        device.Restart();
        await device.SendOpeningAsync();
        await SendAsync(device, Start + 1, (0, Load, 2));
        await device.AcknowledgedAsync("the second is acknowledged");

        await Until.True(() => fleet.Count("SELECT count(*) FROM epoch_series") == 1, "those of the first epoch are gone");
    }

    [Fact]
    public async Task Definitions_BeyondADevicesShare_CostItItsPointsOnly()
    {
        await using var fleet = await Fleet.StartAsync(settings => settings with { Ingest = settings.Ingest with { MaxSeriesPerDevice = 2 } });
        var device = await fleet.EnrolAsync();
        await SendAsync(device, Start, (0, Load, 1), (1, Io, 1));

        await SendAsync(device, Start + 1, (2, Load, 2));
        await SendAsync(device, Start + 2, [], (0, Load, 3));
        await device.AcknowledgedAsync("everything is acknowledged or given up");

        Assert.Equal([RejectionReason.TooManySeries], fleet.Query("SELECT reason FROM gaps"));
        Assert.Equal(3, fleet.Count("SELECT count(*) FROM points"));
    }

    [Fact]
    public async Task Control_KilledAtACommit_KeepsDefinitionsExactlyWithTheirRecords()
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync();
        for (var round = 0; round < 4; round++)
        {
            fleet.Control.Store.AfterCommit = round % 2 == 0;
            fleet.Control.Store.KillAtWrite = fleet.Control.Store.Writes + 1 + (round / 2);
            await SendAsync(device, Start + (10 * round), ((uint)round, Load with { Name = $"load{round}" }, round));
            await SendAsync(device, Start + (10 * round) + 1, ((uint)round, Load with { Name = $"load{round}" }, round));
            await Until.True(
                async () =>
                {
                    await device.PublishAsync(device.Seal(StreamId.Logs, RecordType.Logs, TestDevice.Lines("more")));
                    return fleet.Control.Store.IsDead;
                },
                "the process is killed");
            await fleet.StopControlAsync();
            await fleet.StartControlAsync();
            await device.ResendAsync();
            await device.AcknowledgedAsync("everything is acknowledged");
            await SendAsync(device, Start + (10 * round) + 2, [], [.. Enumerable.Range(0, round + 1).Select(id => ((uint)id, Load with { Name = $"load{id}" }, 9.0))]);
            await device.AcknowledgedAsync("what refers to all of them is acknowledged");
        }

        Assert.Empty(device.SeriesAsked);
        Assert.Equal(8 + 1 + 2 + 3 + 4, fleet.Count("SELECT count(*) FROM points"));
    }

    /// <summary>A record is acknowledged, then the server is one that was restored from a backup without its definitions.</summary>
    private static async Task ForgetAsync(Fleet fleet, TestDevice device)
    {
        await SendAsync(device, Start, (0, Load, 1), (1, Io, 5));
        await device.AcknowledgedAsync("the first is acknowledged");
        await fleet.StopControlAsync();
        fleet.Execute("DELETE FROM epoch_series");
        await fleet.StartControlAsync();
    }

    private static Task SendAsync(TestDevice device, long unixMs, params (uint Id, SeriesDefinition Definition, double Value)[] series) =>
        SendAsync(device, unixMs, [.. series.Select(one => new SeriesEntry(one.Id, one.Definition, null))], series);

    private static Task SendAsync(
        TestDevice device, long unixMs, SeriesEntry[] definitions, params (uint Id, SeriesDefinition Definition, double Value)[] series) =>
        device.SendAsync(StreamId.Metrics, RecordType.Metrics, TestDevice.Encode(new SeriesBatch(
            null, unixMs, (long)device.UptimeMs, definitions,
            [.. series.Select(one => new SeriesColumn(one.Id, one.Definition, [new MetricPoint((long)device.UptimeMs, one.Value)]))])));
}
