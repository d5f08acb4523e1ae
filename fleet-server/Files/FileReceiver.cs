using Messaging.Files;
using Messaging.FleetServer.Clocks;
using Messaging.FleetServer.Events;
using Messaging.FleetServer.Ingest;
using Messaging.FleetServer.Telemetry;
using Messaging.Streams;
using Messaging.Wire;
using Microsoft.Data.Sqlite;

namespace Messaging.FleetServer.Files;

/// <summary>
/// Takes files in. A chunk counts as received when it is on the disk and the row that says so is in the transaction of its window: a process that is
/// killed in between has written bytes that come again, to the same place. Belongs to the one who ingests.
/// </summary>
internal sealed partial class FileReceiver(
    FileTable table, FileStore store, FileKeeper keeper, FileFinisher finisher, FileReceiptSender receipts, IFleetEvents events, RejectionCounter rejections, FileLimits limits,
    ILogger<FileReceiver> logger)
{
    private const int ExpireAtOnce = 64;
    private const int TrimAtOnce = 100;

    public FileVerdict Take(OpenedRecord record, IngestGroup group) => record.RecordType switch
    {
        RecordType.FileManifest => FileManifest.TryDecode(record.Plaintext, out var manifest) ? Begin(record, manifest, group) : FileVerdict.Refused(RejectionReason.Undecodable),
        RecordType.FileChunk => FileChunk.TryDecode(record.Plaintext, out var chunk) ? Add(record, chunk, group) : FileVerdict.Refused(RejectionReason.Undecodable),
        RecordType.FileEnd => FileEnd.TryDecode(record.Plaintext, out var end) ? End(record, end, group) : FileVerdict.Refused(RejectionReason.Undecodable),
        _ => FileRequest.TryDecode(record.Plaintext, out var request) ? Answer(record, request.Id, group) : FileVerdict.Refused(RejectionReason.Undecodable),
    };

    /// <summary>Puts the chunks of the group on the disk. What the disk refuses does not count as received, and holds up nothing else.</summary>
    public void Settle(IngestGroup group)
    {
        foreach (var chunks in group.Chunks.GroupBy(one => one.Row))
        {
            try
            {
                store.Write(chunks.Key, chunks.Select(one => one.Chunk));
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                LogDiskRefused(logger, chunks.Key.Device, error);
                rejections.Count(chunks.Key.Device, RejectionReason.FileStorage);
                continue;
            }

            foreach (var (record, row, chunk) in chunks.Where(one => one.Record.Epoch.Check(one.Record.StreamId, one.Record.Seq) == Messaging.Epochs.ReplayVerdict.Fresh))
            {
                record.Epoch.Accept(record.StreamId, record.Seq);
                group.Accept(record.Sender, record.Epoch, record.StreamId, record.ReceivedAt);
                if (row.State == FileState.Receiving)
                {
                    row.Chunks.Add(chunk.Index);
                    row.ChangedAt = record.ReceivedAt.ToUnixTimeMilliseconds();
                    Touch(row, group);
                }
            }

            if (chunks.Key is { State: FileState.Receiving, Chunks.IsFull: true } full)
            {
                full.State = FileState.Verifying;
                group.AfterCommit.Add(() => finisher.Add(full));
            }
        }
    }

    private FileVerdict Begin(OpenedRecord record, FileManifest manifest, IngestGroup group)
    {
        if (Find(record, manifest.Id, group) is { } known)
        {
            return known.IsOf(manifest) ? FileVerdict.Taken : FileVerdict.Refused(RejectionReason.FileConflict);
        }

        var receivedAt = record.ReceivedAt.ToUnixTimeMilliseconds();
        var row = new FileRow
        {
            Device = record.Device,
            Transfer = manifest.Id,
            Name = manifest.Name,
            MediaType = manifest.MediaType,
            AttributesJson = AttributesJson.Of(manifest.Attributes),
            Size = manifest.Size,
            ChunkSize = manifest.ChunkSize,
            Sha256 = manifest.Sha256.ToArray(),
            Time = Dating.Clamp(manifest.UnixMs ?? receivedAt, receivedAt),
            ReceivedAt = receivedAt,
            ChangedAt = receivedAt,
        };
        row.Chunks = manifest.Size <= limits.MaxFileBytes ? new ChunkSet(manifest.ChunkCount, []) : row.Chunks;
        if (row.IsRecording)
        {
            return BeginRecording(record, row, group);
        }

        var usage = Usage(record.Device, group);
        if (manifest.Size > Math.Min(limits.MaxFileBytes, limits.MaxDeviceBytes))
        {
            row.End(FileState.Incomplete, FileReason.TooLarge, receivedAt);
        }
        else if (usage.Receiving >= limits.MaxReceiving)
        {
            row.End(FileState.Incomplete, FileReason.TooMany, receivedAt);
        }
        else if (!HasRoom(manifest.Size, group))
        {
            return FileVerdict.NotNow(RejectionReason.FileStorage);
        }
        else if (!MakeRoom(record.Device, usage.Bytes + manifest.Size - limits.MaxDeviceBytes, usage.Files + 1 - limits.MaxDeviceFiles, receivedAt, group))
        {
            row.End(FileState.Incomplete, FileReason.DeviceQuota, receivedAt);
        }

        if (usage.Files >= limits.MaxDeviceFiles)
        {
            group.Rows.TrimmedFiles[record.Device] = TrimAtOnce;
        }

        Touch(row, group);
        return row.State == FileState.Receiving ? FileVerdict.Taken : Answer(record, manifest.Id, group);
    }

    /// <summary>One recording never goes for another: where there is no room, the device keeps it and sends it again.</summary>
    private FileVerdict BeginRecording(OpenedRecord record, FileRow row, IngestGroup group)
    {
        var added = group.Rows.Files.Where(one => one is { Id: 0, IsRecording: true, State: < FileState.Incomplete }).ToList();
        if (row.Size > Math.Min(limits.MaxFileBytes, limits.MaxDeviceRecordingBytes))
        {
            row.End(FileState.Incomplete, FileReason.TooLarge, row.ReceivedAt);
        }
        else if (table.RecordingBytes(row.Device) + added.Where(one => one.Device == row.Device).Sum(one => one.Size) + row.Size > limits.MaxDeviceRecordingBytes
            || table.RecordingBytes(null) + added.Sum(one => one.Size) + row.Size > limits.MaxRecordingBytes
            || !IsDiskFree(row.Size, group))
        {
            return FileVerdict.NotNow(RejectionReason.FileStorage);
        }

        Touch(row, group);
        return row.State == FileState.Receiving ? FileVerdict.Taken : Answer(record, row.Transfer, group);
    }

    private FileVerdict Add(OpenedRecord record, in FileChunk chunk, IngestGroup group)
    {
        if (Find(record, chunk.Id, group) is not { } row)
        {
            // Its manifest is on its way, unless everything before it was received or is known to be lost: then the device asks, and begins anew.
            return record.Epoch.Window(record.StreamId).CumulativeThrough + 1 < record.Seq
                ? FileVerdict.NotNow(RejectionReason.TooFarAhead)
                : FileVerdict.Refused(RejectionReason.FileUnknown);
        }

        if (row.State != FileState.Receiving)
        {
            return FileVerdict.Taken;
        }

        if (chunk.Index >= row.ChunkCount || chunk.Bytes.Length != row.LengthOf(chunk.Index) || chunk.IsFinal != (chunk.Index == row.ChunkCount - 1))
        {
            return FileVerdict.Refused(RejectionReason.Undecodable);
        }

        group.Chunks.Add((record, row, chunk));
        return FileVerdict.Pending;
    }

    private FileVerdict End(OpenedRecord record, FileEnd end, IngestGroup group)
    {
        if (Find(record, end.Id, group) is { State: FileState.Receiving } row)
        {
            row.End(FileState.Incomplete, end.Reason.Replace('\0', '\uFFFD'), record.ReceivedAt.ToUnixTimeMilliseconds());
            Touch(row, group);
            group.AfterCommit.Add(() => keeper.Delete(row));
        }

        return FileVerdict.Taken;
    }

    private FileVerdict Answer(OpenedRecord record, TransferId transfer, IngestGroup group)
    {
        group.Answers.Add(cancellation => receipts.SendAsync(record.Device, transfer, cancellation));
        return FileVerdict.Taken;
    }

    /// <summary>The row as the group has it, or as it is stored.</summary>
    private FileRow? Find(OpenedRecord record, TransferId transfer, IngestGroup group)
    {
        if (!group.FoundFiles.TryGetValue((record.Device, transfer), out var row) && table.Find(record.Device, transfer) is { } stored)
        {
            group.FoundFiles.Add((record.Device, transfer), row = stored);
        }

        return row;
    }

    private void Touch(FileRow row, IngestGroup group)
    {
        group.FoundFiles[(row.Device, row.Transfer)] = row;
        if (group.Rows.Files.Add(row))
        {
            group.AfterCommit.Add(() => events.Publish(new FileChanged(row.Device.ToString(), row)));
        }
    }

    /// <summary>With what this group adds.</summary>
    private FileUsage Usage(PrincipalId device, IngestGroup group)
    {
        var stored = table.Usage(device);
        var added = group.Rows.Files.Where(row => row is { Id: 0, IsRecording: false } && row.Device == device).ToList();
        return new FileUsage(
            stored.Files + added.Count,
            stored.Receiving + added.Count(row => row.State == FileState.Receiving),
            stored.Bytes + added.Where(row => row.State < FileState.Incomplete).Sum(row => row.Size)
                - group.Rows.ExpiredFiles.Where(row => row.Device == device).Sum(row => row.Size));
    }

    /// <summary>Of all devices together, and of the disk: where there is none, devices wait.</summary>
    private bool HasRoom(long size, IngestGroup group)
    {
        var added = group.Rows.Files.Where(row => row is { Id: 0, IsRecording: false, State: < FileState.Incomplete }).Sum(row => row.Size);
        return table.Usage(null).Bytes + added + size <= limits.MaxTotalBytes && IsDiskFree(size, group);
    }

    private bool IsDiskFree(long size, IngestGroup group)
    {
        var added = group.Rows.Files.Where(row => row.Id == 0 && row.State < FileState.Incomplete).Sum(row => row.Size);
        try
        {
            return store.Free() is not { } free || free - added - size >= limits.KeepFree;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            LogNoSpace(logger, error);
            return false;
        }
    }

    /// <summary>The oldest complete files of the device make room for so many bytes and entries. False when the bytes cannot be had.</summary>
    private bool MakeRoom(PrincipalId device, long bytes, long entries, long now, IngestGroup group)
    {
        if (bytes <= 0 && entries <= 0)
        {
            return true;
        }

        var oldest = new List<FileRow>();
        foreach (var row in table.OldestComplete(device, ExpireAtOnce).Where(row => group.Rows.ExpiredFiles.TrueForAll(other => other.Id != row.Id)))
        {
            oldest.Add(row);
            bytes -= row.Size;
            entries--;
            if (bytes <= 0 && entries <= 0)
            {
                break;
            }
        }

        if (bytes > 0)
        {
            return false;
        }

        foreach (var row in oldest)
        {
            row.End(FileState.Expired, FileReason.DeviceQuota, now);
            group.Rows.ExpiredFiles.Add(row);
            group.AfterCommit.Add(() =>
            {
                keeper.Delete(row);
                events.Publish(new FileChanged(row.Device.ToString(), row));
            });
        }

        return true;
    }

    [LoggerMessage(1, LogLevel.Warning, "A chunk of a file of {Device} could not be written; it is not acknowledged, and comes again")]
    private static partial void LogDiskRefused(ILogger logger, PrincipalId device, Exception error);

    [LoggerMessage(2, LogLevel.Warning, "The room for files cannot be told; new ones wait")]
    private static partial void LogNoSpace(ILogger logger, Exception error);
}
