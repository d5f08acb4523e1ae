using System.Security.Cryptography;
using Messaging.Files;
using Messaging.FleetServer.ControlPlane;
using Messaging.FleetServer.Files;
using Messaging.FleetServer.Ingest;
using Messaging.FleetServer.Tests.Harness;
using Messaging.Streams;

namespace Messaging.FleetServer.Tests.Files;

/// <summary>Files from devices through a real relay into a real control.</summary>
public sealed class FileFlowTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(FileManifest.MinChunkSize)]
    [InlineData((10 * FileManifest.MinChunkSize) + 1)]
    public async Task File_OfAnySize_IsStoredAndConfirmed(int size)
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync();
        var file = new SentFile(size);

        await file.SendAllAsync(device);

        await file.ReceiptAsync(device, FileReceiptState.Stored);
        await device.AcknowledgedAsync("everything is acknowledged");
        Assert.Equal(file.Content, Content(fleet, device, file));
        Assert.Equal(new FileUsage(1, 0, size), fleet.Control.Get<FileTable>().Usage(null));
        Assert.Empty(fleet.Query("SELECT reason FROM rejections"));
        Assert.Empty(fleet.Control.Logs.Errors);
    }

    [Fact]
    public async Task Chunks_LostAndRepeated_AreAskedForAndCountOnce()
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync();
        var file = new SentFile(9 * FileManifest.MinChunkSize);
        await file.AnnounceAsync(device);
        foreach (var index in (int[])[0, 8, 3, 3, 5])
        {
            await file.SendAsync(device, index);
        }

        await device.AcknowledgedAsync("everything is acknowledged");
        await device.SendAsync(StreamId.Files, RecordType.FileRequest, new FileRequest(file.Id).Encode());

        Assert.Equal([(1, 2), (4, 4), (6, 7)], (await file.ReceiptAsync(device, FileReceiptState.Receiving)).Missing);
        foreach (var index in (int[])[1, 2, 4, 6, 7])
        {
            await file.SendAsync(device, index);
        }

        await file.ReceiptAsync(device, FileReceiptState.Stored);
        Assert.Equal(file.Content, Content(fleet, device, file));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Control_KilledAgainAndAgain_StoresTheFileOnce(bool afterCommit)
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync();
        var file = new SentFile(60 * FileManifest.MinChunkSize);
        await file.AnnounceAsync(device);
        var next = 0;
        for (var round = 0; round < 4; round++)
        {
            fleet.Control.Store.AfterCommit = afterCommit;
            fleet.Control.Store.KillAtWrite = fleet.Control.Store.Writes + 1 + (round % 2);
            while (!fleet.Control.Store.IsDead && next < 50)
            {
                await file.SendAsync(device, next++);
            }

            await fleet.StopControlAsync();
            await fleet.StartControlAsync();
            await device.ResendAsync();
        }

        while (next < file.Manifest.ChunkCount)
        {
            await file.SendAsync(device, next++);
        }

        await device.AcknowledgedAsync("everything is acknowledged");
        await file.ReceiptAsync(device, FileReceiptState.Stored);
        Assert.Equal(file.Content, Content(fleet, device, file));
        Assert.Equal(1, fleet.Count("SELECT count(*) FROM files"));
    }

    [Fact]
    public async Task Control_KilledBetweenTheLastChunkAndTheCheck_ChecksAtItsNextStart()
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync();
        var file = new SentFile(FileManifest.MinChunkSize);
        await file.AnnounceAsync(device);
        await device.AcknowledgedAsync("the manifest is acknowledged");
        fleet.Control.Store.AfterCommit = true;
        fleet.Control.Store.KillAtWrite = fleet.Control.Store.Writes + 1;
        await file.SendAsync(device, 0);
        await Until.True(() => fleet.Control.Store.IsDead, "control is killed");
        Assert.Equal("1", fleet.Query("SELECT state FROM files").Single());

        await fleet.StopControlAsync();
        await fleet.StartControlAsync();

        await Until.True(() => fleet.Query("SELECT state FROM files").Single() == "2", "the file is complete");
        await device.ResendAsync();
        await device.SendAsync(StreamId.Files, RecordType.FileRequest, new FileRequest(file.Id).Encode());
        await file.ReceiptAsync(device, FileReceiptState.Stored);
    }

    [Fact]
    public async Task Disk_ThatIsFull_HoldsTheFileAndNothingElse()
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync();
        var file = new SentFile(FileManifest.MinChunkSize);
        await file.AnnounceAsync(device);
        await device.AcknowledgedAsync("the manifest is acknowledged");

        // A file where the device's folder should be: every write fails.
        var folder = Path.Combine(fleet.Path, ControlSettings.FilesFolder);
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, device.Name), "", TestContext.Current.CancellationToken);
        await file.SendAsync(device, 0);
        await device.SendAsync(StreamId.Logs, RecordType.Logs, TestDevice.Lines("still here"));

        await Until.True(() => fleet.Count("SELECT count(*) FROM logs") == 1 && device.Unacknowledged == 1, "the log line is stored, the chunk is not");
        await Until.True(() => fleet.Rejections(device, RejectionReason.FileStorage) > 0, "it is counted");
        File.Delete(Path.Combine(folder, device.Name));
        await device.ResendAsync();
        await file.ReceiptAsync(device, FileReceiptState.Stored);
        Assert.Equal(file.Content, Content(fleet, device, file));
    }

    [Fact]
    public async Task Room_ForAllFilesIsUsedUp_DevicesWaitUntilThereIsSome()
    {
        await using var fleet = await Fleet.StartAsync(settings => settings with { Files = settings.Files with { MaxTotalBytes = 3 * FileManifest.MinChunkSize } });
        var device = await fleet.EnrolAsync();
        var first = new SentFile(2 * FileManifest.MinChunkSize);
        await first.SendAllAsync(device);
        await first.ReceiptAsync(device, FileReceiptState.Stored);
        var second = new SentFile(2 * FileManifest.MinChunkSize);
        await second.AnnounceAsync(device);
        await Until.True(() => fleet.Rejections(device, RejectionReason.FileStorage) > 0, "the second waits");
        Assert.Equal(1, device.Unacknowledged);

        var keeper = fleet.Control.Get<FileKeeper>();
        var stored = fleet.Control.Get<FileTable>().Find(device.Id, first.Id)!;
        Assert.True(keeper.TryEnd(stored, FileState.Deleted, ""));
        await device.ResendAsync();
        await second.SendAsync(device, 0);
        await second.SendAsync(device, 1);

        await second.ReceiptAsync(device, FileReceiptState.Stored);
    }

    [Fact]
    public async Task Device_BeyondItsShare_LosesItsOldestFiles()
    {
        await using var fleet = await Fleet.StartAsync(settings => settings with { Files = settings.Files with { MaxDeviceBytes = 5 * FileManifest.MinChunkSize, MaxDeviceFiles = 3 } });
        var device = await fleet.EnrolAsync();
        var files = Enumerable.Range(0, 5).Select(_ => new SentFile(2 * FileManifest.MinChunkSize)).ToList();
        foreach (var file in files)
        {
            await file.SendAllAsync(device);
            await file.ReceiptAsync(device, FileReceiptState.Stored);
        }

        Assert.Equal(["4", "2", "2"], fleet.Query("SELECT state FROM files ORDER BY id"));
        Assert.Equal(FileReason.DeviceQuota, fleet.Query("SELECT reason FROM files ORDER BY id").First());
        Assert.Equal(new FileUsage(3, 0, 4 * FileManifest.MinChunkSize), fleet.Control.Get<FileTable>().Usage(device.Id));
        await Until.True(() => Directory.GetFiles(Path.Combine(fleet.Path, ControlSettings.FilesFolder, device.Name)).Length == 2, "only two contents are left");
    }

    [Fact]
    public async Task Content_ThatIsNotWhatWasAnnounced_IsAskedForOnceMoreAndThenIncomplete()
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync();
        var file = new SentFile(10);
        file.Content[4] ^= 1;

        await file.SendAllAsync(device);

        Assert.Equal([(0, 0)], (await file.ReceiptAsync(device, FileReceiptState.Receiving)).Missing);
        await file.SendAsync(device, 0);
        Assert.Equal(FileReason.HashMismatch, (await file.ReceiptAsync(device, FileReceiptState.Ended)).Reason);
        Assert.Empty(Directory.GetFiles(Path.Combine(fleet.Path, ControlSettings.FilesFolder, device.Name)));
    }

    [Fact]
    public async Task Content_LostByTheServer_IsAskedForAgain()
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync();
        var file = new SentFile(2 * FileManifest.MinChunkSize);
        await file.AnnounceAsync(device);
        await file.SendAsync(device, 0);
        await device.AcknowledgedAsync("a chunk is stored");
        File.Delete(Path.Combine(fleet.Path, ControlSettings.FilesFolder, device.Name, file.Id + ".part"));
        await file.SendAsync(device, 1);

        Assert.Equal([(0, 1)], (await file.ReceiptAsync(device, FileReceiptState.Receiving)).Missing);
        await file.SendAsync(device, 0);
        await file.SendAsync(device, 1);
        await file.ReceiptAsync(device, FileReceiptState.Stored);
        Assert.Equal(file.Content, Content(fleet, device, file));
    }

    [Fact]
    public async Task Device_EndsATransfer_ItsReasonIsKeptAndTheRestIsNotTaken()
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync();
        var file = new SentFile(2 * FileManifest.MinChunkSize);
        await file.AnnounceAsync(device);
        await file.SendAsync(device, 0);
        await device.SendAsync(StreamId.Files, RecordType.FileEnd, new FileEnd(file.Id, "source-changed").Encode());
        await file.SendAsync(device, 1);
        await device.AcknowledgedAsync("everything is acknowledged");

        Assert.Equal("source-changed", fleet.Query("SELECT reason FROM files WHERE state = 3").Single());
        await Until.True(() => Directory.GetFiles(Path.Combine(fleet.Path, ControlSettings.FilesFolder, device.Name)).Length == 0, "nothing is left of it");
    }

    [Fact]
    public async Task Device_ThatIsHostile_IsAnsweredAndBounded()
    {
        await using var fleet = await Fleet.StartAsync(settings => settings with { Files = settings.Files with { MaxFileBytes = 20_000, MaxReceiving = 4 } });
        var device = await fleet.EnrolAsync();
        var file = new SentFile(3 * FileManifest.MinChunkSize);
        await file.AnnounceAsync(device);

        // Wrong lengths, a wrong end, an index behind the end, another file under the same id, a chunk of nothing, no message at all.
        await Send(RecordType.FileChunk, new FileChunk(file.Id, 0, false, new byte[5]).Encode());
        await Send(RecordType.FileChunk, (file.Chunk(0) with { IsFinal = true }).Encode());
        await Send(RecordType.FileChunk, (file.Chunk(0) with { Index = FileChunk.MaxIndex }).Encode());
        await Send(RecordType.FileManifest, (file.Manifest with { Size = 7 }).Encode());
        await Send(RecordType.FileChunk, (file.Chunk(0) with { Id = TransferId.Generate() }).Encode());
        await Send(RecordType.FileChunk, [1, 2, 3]);
        await device.AcknowledgedAsync("everything is acknowledged");
        Assert.Equal(4, fleet.Rejections(device, RejectionReason.Undecodable));
        Assert.Equal(1, fleet.Rejections(device, RejectionReason.FileConflict));
        Assert.Equal(1, fleet.Rejections(device, RejectionReason.FileUnknown));

        var large = new SentFile(0) { };
        await Send(RecordType.FileManifest, (large.Manifest with { Size = FileManifest.MaxSize }).Encode());
        Assert.Equal(FileReason.TooLarge, (await large.ReceiptAsync(device, FileReceiptState.Ended)).Reason);
        var more = Enumerable.Range(0, 6).Select(_ => new SentFile(10)).ToList();
        foreach (var one in more)
        {
            await one.AnnounceAsync(device);
        }

        Assert.Equal(FileReason.TooMany, (await more[^1].ReceiptAsync(device, FileReceiptState.Ended)).Reason);
        Assert.Equal(4, fleet.Control.Get<FileTable>().Usage(device.Id).Receiving);
        await device.SendAsync(StreamId.Files, RecordType.FileRequest, new FileRequest(TransferId.Generate()).Encode());
        await Until.True(() => device.FileReceipts.Any(receipt => receipt.State == FileReceiptState.Unknown), "what nobody knows is unknown");

        async Task Send(uint type, byte[] content) => await device.SendAsync(StreamId.Files, type, content);
    }

    [Fact]
    public async Task Keeper_FilesPastTheirTime_AreEndedAndTheirContentsGo()
    {
        await using var fleet = await Fleet.StartAsync(settings => settings with { Files = settings.Files with { Retention = TimeSpan.Zero, LongestOffline = TimeSpan.Zero } });
        var device = await fleet.EnrolAsync();
        var (whole, part) = (new SentFile(10), new SentFile(2 * FileManifest.MinChunkSize));
        await whole.SendAllAsync(device);
        await whole.ReceiptAsync(device, FileReceiptState.Stored);
        await part.AnnounceAsync(device);
        await part.SendAsync(device, 0);
        await device.AcknowledgedAsync("everything is acknowledged");

        var keeper = fleet.Control.Get<FileKeeper>();
        await Until.True(() => Kept(() => fleet.Control.Get<FileTable>().Usage(null).Bytes == 0), "both have ended");
        Assert.Empty(Directory.GetFiles(Path.Combine(fleet.Path, ControlSettings.FilesFolder, device.Name)));
        await Until.True(() => Kept(() => fleet.Count("SELECT count(*) FROM files") == 0), "they are forgotten");

        bool Kept(Func<bool> condition)
        {
            keeper.KeepHouse();
            return condition();
        }
    }

    private static byte[] Content(Fleet fleet, TestDevice device, SentFile file)
    {
        var content = File.ReadAllBytes(Path.Combine(fleet.Path, ControlSettings.FilesFolder, device.Name, file.Id + ".file"));
        Assert.Equal(SHA256.HashData(content), file.Manifest.Sha256.ToArray());
        return content;
    }
}
