using Messaging.FleetServer.Tests.Harness;
using Messaging.Streams;

namespace Messaging.FleetServer.Tests.Ingest;

public sealed class ExactlyOnceTests
{
    private const long Start = 1_700_000_000_000;
    private const int MostRecords = 1000;
    private const string Times = "SELECT t FROM points ORDER BY t";

    [Fact]
    public async Task Record_FromAnEnrolledDevice_IsStoredAndAcknowledged()
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync();

        await device.SendAsync(StreamId.Metrics, RecordType.Metrics, device.Metric(Start, 0.25));
        await device.SendAsync(StreamId.Logs, RecordType.Logs, TestDevice.Lines("one", "two"));

        await device.AcknowledgedAsync("everything is acknowledged");
        Assert.Equal(["1700000000000"], fleet.Query(Times));
        Assert.Equal(["one", "two"], fleet.Query("SELECT body FROM logs ORDER BY id"));
        Assert.Empty(fleet.Query("SELECT reason FROM rejections"));
        Assert.Empty(fleet.Control.Logs.Errors);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    [InlineData(3, true)]
    public async Task Control_KilledAtACommit_StoresEveryPointOnce(int write, bool afterCommit)
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync();
        fleet.Control.Store.AfterCommit = afterCommit;
        fleet.Control.Store.KillAtWrite = write;
        var sent = 0;
        while (!fleet.Control.Store.IsDead && sent < MostRecords)
        {
            await device.SendAsync(StreamId.Metrics, RecordType.Metrics, device.Metric(Start + sent++, sent));
        }

        Assert.True(fleet.Control.Store.IsDead);
        await fleet.StopControlAsync();
        await fleet.StartControlAsync();
        await device.ResendAsync();

        await device.AcknowledgedAsync("everything is acknowledged");
        Assert.Equal(Enumerable.Range(0, sent).Select(i => $"{Start + i}"), fleet.Query(Times));
    }

    [Fact]
    public async Task Control_KilledAgainAndAgain_StoresEveryPointAndLineOnce()
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync();
        var sent = 0;
        for (var round = 0; round < 6; round++)
        {
            fleet.Control.Store.AfterCommit = round % 2 == 0;
            fleet.Control.Store.KillAtWrite = fleet.Control.Store.Writes + 1 + (round % 3);
            while (!fleet.Control.Store.IsDead && sent < MostRecords)
            {
                await device.SendAsync(StreamId.Metrics, RecordType.Metrics, device.Metric(Start + sent, sent));
                await device.SendAsync(StreamId.Logs, RecordType.Logs, TestDevice.Lines($"line {sent++}"));
            }

            if (round % 3 == 1)
            {
                await device.DisconnectAsync();
                device.Restart(reboot: round == 4);
            }

            await fleet.StopControlAsync();
            await fleet.StartControlAsync();
            if (device.IsConnected)
            {
                await device.ResendAsync();
            }
            else
            {
                await fleet.ConnectAsync(device);
            }
        }

        await device.AcknowledgedAsync("everything is acknowledged");
        Assert.Equal(Enumerable.Range(0, sent).Select(i => $"{Start + i}"), fleet.Query(Times));
        Assert.Equal(Enumerable.Range(0, sent).Select(i => $"line {i}").Order(), fleet.Query("SELECT body FROM logs").Order());
    }

    [Fact]
    public async Task Device_StartedTenTimesWithoutANetwork_DeliversEveryEpoch()
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync(connect: false);
        for (var i = 0; i < 10; i++)
        {
            device.Restart();
            device.Seal(StreamId.Metrics, RecordType.Metrics, device.Metric(Start + i, i));
        }

        await fleet.ConnectAsync(device);

        await device.AcknowledgedAsync("everything is acknowledged");
        Assert.Equal(10, fleet.Query(Times).Count);
        Assert.Equal(9, fleet.Count("SELECT count(*) FROM epochs WHERE finished = 1"));
    }

    [Fact]
    public async Task Store_ThatFailsForAWhile_LosesNothing()
    {
        await using var fleet = await Fleet.StartAsync(settings => settings with
        {
            Ingest = settings.Ingest with { FailureDelay = TimeSpan.FromMilliseconds(1) },
        });
        var device = await fleet.EnrolAsync();
        fleet.Control.Store.Refuse = _ => true;
        await device.SendAsync(StreamId.Metrics, RecordType.Metrics, device.Metric(Start, 1));
        await Until.True(() => fleet.Control.Ingest.LastError is not null, "the failure is visible");
        Assert.Equal(1, device.Unacknowledged);

        fleet.Control.Store.Refuse = null;
        await device.ResendAsync();

        await device.AcknowledgedAsync("everything is acknowledged");
        Assert.Equal(["1700000000000"], fleet.Query(Times));
        Assert.Null(fleet.Control.Ingest.LastError);
    }
}
