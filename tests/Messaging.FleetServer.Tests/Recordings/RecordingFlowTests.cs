using Messaging.Files;
using Messaging.FleetServer.Files;
using Messaging.FleetServer.Ingest;
using Messaging.FleetServer.Tests.Files;
using Messaging.FleetServer.Tests.Harness;
using Messaging.Recordings;

namespace Messaging.FleetServer.Tests.Recordings;

/// <summary>Recordings from devices through a real relay into a real control.</summary>
public sealed class RecordingFlowTests
{
    [Fact]
    public async Task Files_ThatFillADevicesShare_PushOutNoRecording()
    {
        await using var fleet = await Fleet.StartAsync(settings => settings with { Files = settings.Files with { MaxFileBytes = 4000, MaxDeviceBytes = 5000, MaxDeviceFiles = 3 } });
        var device = await fleet.EnrolAsync();
        var recording = RecordingEndpointsTests.Recording(3000, RecordingEnd.Complete, 1);
        await recording.SendAllAsync(device);
        await recording.ReceiptAsync(device, FileReceiptState.Stored);

        for (var i = 0; i < 8; i++)
        {
            var file = new SentFile(3000);
            await file.SendAllAsync(device);
            await file.ReceiptAsync(device, FileReceiptState.Stored);
        }

        var table = fleet.Control.Get<FileTable>();
        Assert.Equal((3000, 3000), (table.Usage(null).Bytes, table.RecordingBytes(device.Id)));
        Assert.Equal(FileState.Complete, table.Find(device.Id, recording.Id)!.State);
        Assert.Equal(recording.Id, Assert.Single(table.ListRecordings(null, null, 10)).Transfer);
    }

    [Fact]
    public async Task Recording_ForWhichThereIsNoRoom_WaitsOnTheDeviceAndPushesOutNoOther()
    {
        await using var fleet = await Fleet.StartAsync(settings => settings with { Files = settings.Files with { MaxRecordingBytes = 5000 } });
        var device = await fleet.EnrolAsync();
        var (first, second) = (RecordingEndpointsTests.Recording(3000, RecordingEnd.Complete, 1), RecordingEndpointsTests.Recording(3000, RecordingEnd.Complete, 1));
        await first.SendAllAsync(device);
        await first.ReceiptAsync(device, FileReceiptState.Stored);

        await second.AnnounceAsync(device);

        await Until.True(() => fleet.Rejections(device, RejectionReason.FileStorage) > 0, "it is not taken");
        var table = fleet.Control.Get<FileTable>();
        Assert.Null(table.Find(device.Id, second.Id));
        Assert.Equal(FileState.Complete, table.Find(device.Id, first.Id)!.State);
    }

    [Fact]
    public async Task Keeper_OfRecordings_HasATimeOfTheirOwn()
    {
        await using var fleet = await Fleet.StartAsync(settings => settings with { Files = settings.Files with { Retention = TimeSpan.Zero, RecordingRetention = TimeSpan.FromDays(365) } });
        var device = await fleet.EnrolAsync();
        var (file, recording) = (new SentFile(10), RecordingEndpointsTests.Recording(10, RecordingEnd.Complete, 1));
        foreach (var one in new[] { file, recording })
        {
            await one.SendAllAsync(device);
            await one.ReceiptAsync(device, FileReceiptState.Stored);
        }

        var (keeper, table) = (fleet.Control.Get<FileKeeper>(), fleet.Control.Get<FileTable>());
        await Until.True(
            () =>
            {
                keeper.KeepHouse();
                return table.Find(device.Id, file.Id)!.State == FileState.Expired;
            },
            "the file has expired");

        Assert.Equal(FileState.Complete, table.Find(device.Id, recording.Id)!.State);
    }
}
