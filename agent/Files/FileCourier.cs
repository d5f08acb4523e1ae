using Messaging.Agent.Configuration;
using Messaging.Agent.Events;
using Messaging.Agent.Spool;
using Messaging.Agent.Status;
using Messaging.Agent.Uplink;
using Messaging.Files;
using Messaging.Streams;
using Messaging.Wire;
using Microsoft.Extensions.Logging;

namespace Messaging.Agent.Files;

/// <summary>
/// Brings files to the server, one after the other: hashes them, seals a few chunks ahead of what the server has confirmed, and keeps each file
/// until the server says that it has stored it.
/// </summary>
internal sealed partial class FileCourier(
    FileQueue queue,
    FileInbox inbox,
    ISources sources,
    UplinkWriter writer,
    SpoolStore spool,
    FileReceipts receipts,
    IEventSink events,
    AgentOptions options,
    TimeProvider time,
    ILogger<FileCourier> logger) : IStatusPart
{
    public const int ChunkSize = 32 * 1024;

    /// <summary>Records in the spool that the server has not confirmed: with chunks of this size 1 MiB, whatever the size of the file.</summary>
    public const int Window = 32;
    private const int MaxChanges = 30;
    private const int MaxMissing = 4096;
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(2);

    /// <summary>Nothing older is delivered.</summary>
    private static readonly TimeSpan LongestOffline = TimeSpan.FromDays(90);
    private readonly List<Transfer> _transfers = [];
    private readonly DayBudget _day = new(options.Files.DayBytes);
    private readonly byte[] _chunk = new byte[ChunkSize];
    private HashSet<EpochId> _before = [];
    private volatile string? _problem;
    private long? _lookedAt;

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        await Task.Yield();
        var isReady = false;
        while (true)
        {
            ct.ThrowIfCancellationRequested();
            try
            {
                if (!isReady)
                {
                    inbox.Prepare();
                    Recover();
                    isReady = true;
                }

                Look(ct);
                Turn(ct);
                _problem = null;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                if (_problem != e.Message)
                {
                    LogFailed(e.Message);
                }

                _problem = e.Message;
            }

            await receipts.News.WaitAsync(LookInterval, time, ct);
        }
    }

    public void Contribute(StatusBuilder status)
    {
        if (_problem is { } problem)
        {
            status.Problems.Add(new StatusProblem(
                "files", problem, $"The agent must be able to read, move and delete what is in {Path.Combine(options.Local.Drop, "files")}.", null));
        }
    }

    /// <summary>What a run before left: files in the queue, and how far they are sealed.</summary>
    public void Recover()
    {
        _day.Load(spool.Checkpoints(DayBudget.Key));
        _transfers.Clear();
        var sealedOnes = new Dictionary<TransferId, FileProgress>();
        foreach (var checkpoint in spool.Checkpoints(FileProgress.KeyPrefix))
        {
            if (FileProgress.TryRead(checkpoint, out var id, out var progress))
            {
                sealedOnes[id] = progress;
            }
        }

        foreach (var about in queue.Recover(sealedOnes.ContainsKey))
        {
            _transfers.Add(new Transfer(about.Id, about) { Progress = sealedOnes.Remove(about.Id, out var progress) ? progress : null, ToldAt = time.GetTimestamp() });
        }

        // Their files are gone: deleted, because the server has them, or by somebody.
        foreach (var (id, progress) in sealedOnes)
        {
            _transfers.Add(new Transfer(id, queue.ReadAbout(id)) { Progress = progress, ToldAt = time.GetTimestamp() });
        }

        // Those that were begun first, then in the order in which they came.
        var ordered = _transfers.OrderBy(one => one.Progress is null).ThenBy(one => one.About?.UnixMs ?? 0).ToList();
        _transfers.Clear();
        _transfers.AddRange(ordered);
        _before = [.. spool.EpochsToOpen().Where(epoch => epoch.Number != writer.EpochNo).Select(epoch => epoch.Id)];
    }

    /// <summary>One round: what the server said, what can be sealed, what is to be asked.</summary>
    public void Turn(CancellationToken ct)
    {
        while (receipts.TryTake(out var receipt))
        {
            Take(receipt);
        }

        foreach (var about in inbox.Taken())
        {
            _transfers.Add(new Transfer(about.Id, about) { ToldAt = time.GetTimestamp() });
        }

        Expire();
        var wrote = false;
        for (var waiting = spool.Waiting(StreamId.Files); waiting < Window && TrySeal(ct); waiting++)
        {
            wrote = true;
        }

        wrote |= Ask();
        if (wrote)
        {
            spool.Sync();
        }

        inbox.Count(_transfers.Count);
    }

    /// <summary>Acknowledgements come many times a second, and the folder may hold a hundred thousand files.</summary>
    private void Look(CancellationToken ct)
    {
        if (_lookedAt is not { } at || time.GetElapsedTime(at) >= LookInterval)
        {
            _lookedAt = time.GetTimestamp();
            inbox.Look(ct);
        }
    }

    private void Take(FileReceipt receipt)
    {
        if (_transfers.Find(one => one.Id == receipt.Id) is not { } transfer)
        {
            return;
        }

        transfer.ToldAt = time.GetTimestamp();
        switch (receipt.State)
        {
            case FileReceiptState.Stored:
                queue.Remove(transfer.Id);
                Forget(transfer);
                LogStored(transfer.Name, transfer.Progress?.Mark.Size ?? 0);
                break;
            case FileReceiptState.Ended:
                Refuse(transfer, receipt.Reason);
                Forget(transfer);
                break;
            case FileReceiptState.Unknown when IsDelivered(transfer):
                transfer.Restart();
                break;
            case FileReceiptState.Receiving when receipt.Missing.Count > 0 && IsDelivered(transfer):
                if (transfer.About is null)
                {
                    End(transfer, "source-gone");
                }
                else
                {
                    transfer.Resend(receipt.Missing, MaxMissing);
                }

                break;
        }
    }

    /// <summary>Seals the next record of the first file that has one. False when there is none now.</summary>
    private bool TrySeal(CancellationToken ct)
    {
        if (!_day.IsOpen(writer.WallUnixMs))
        {
            return false;
        }

        foreach (var transfer in _transfers.Where(one => !one.IsSealed && (one.RetryAt == 0 || time.GetElapsedTime(one.RetryAt) >= LookInterval)).ToList())
        {
            if (transfer.EndReason is { } reason ? End(transfer, reason) : TrySealNext(transfer, ct))
            {
                return true;
            }
        }

        return false;
    }

    private bool TrySealNext(Transfer transfer, CancellationToken ct)
    {
        if (transfer.About is null)
        {
            // The server is asked; it knows nothing of it, and the file is gone.
            return transfer.Progress is null && End(transfer, "source-gone");
        }

        return transfer.Progress is null ? TryBegin(transfer, ct) : TrySendChunk(transfer);
    }

    /// <summary>Hashes the file and seals its manifest.</summary>
    private bool TryBegin(Transfer transfer, CancellationToken ct)
    {
        FileProgress progress;
        try
        {
            using var source = sources.Open(queue.PathOf(transfer.Id));
            if (FileHash.TryCompute(source, ct, out var mark, out var sha256) is { } problem)
            {
                if (++transfer.Changes < MaxChanges)
                {
                    transfer.RetryAt = time.GetTimestamp();
                    return false;
                }

                Refuse(transfer, problem);
                _transfers.Remove(transfer);
                return false;
            }

            progress = new FileProgress(mark, ChunkSize, 0, sha256);
        }
        catch (IOException)
        {
            Refuse(transfer, "source-gone");
            _transfers.Remove(transfer);
            return false;
        }

        var manifest = transfer.About! with { Size = progress.Mark.Size, ChunkSize = ChunkSize, Sha256 = progress.Sha256 };
        if (progress.Mark.Size > options.Files.MaxBytes)
        {
            Refuse(transfer, "too-large");
            _transfers.Remove(transfer);
            return false;
        }

        if (!TryAppend(transfer, RecordType.FileManifest, manifest.Encode(), [progress.ToCheckpoint(transfer.Id)]))
        {
            return false;
        }

        transfer.Progress = progress;
        return true;
    }

    private bool TrySendChunk(Transfer transfer)
    {
        var progress = transfer.Progress!.Value;
        var manifest = transfer.Manifest!;
        var index = transfer.NextChunk;
        var length = manifest.LengthOf(index);
        var bytes = _chunk.AsSpan(0, length);
        try
        {
            using var source = sources.Open(queue.PathOf(transfer.Id));
            if (source.Look().Mark != progress.Mark || source.Read((long)index * progress.ChunkSize, bytes) != length)
            {
                return End(transfer, "source-changed");
            }
        }
        catch (IOException)
        {
            return End(transfer, "source-gone");
        }

        var chunk = new FileChunk(transfer.Id, index, index == manifest.ChunkCount - 1, _chunk.AsMemory(0, length)).Encode();
        Checkpoint[] position = transfer.IsNextMissing ? [] : [(progress with { Next = index + 1 }).ToCheckpoint(transfer.Id)];
        if (!TryAppend(transfer, RecordType.FileChunk, chunk, [.. position, .. _day.With(length)]))
        {
            return false;
        }

        _day.Use(length);
        transfer.Sent();
        return true;
    }

    /// <summary>Asks the server for what it has of files of which all is confirmed, and of which it says nothing.</summary>
    private bool Ask()
    {
        var asked = false;
        foreach (var transfer in _transfers.Where(one => one.Progress is not null && (one.IsSealed || one.About is null) && one.IsDue(time.GetElapsedTime(one.ToldAt))).ToList())
        {
            if (IsDelivered(transfer) && TryAppend(transfer, RecordType.FileRequest, new FileRequest(transfer.Id).Encode(), []))
            {
                transfer.Asked();
                asked = true;
            }
        }

        return asked;
    }

    /// <summary>Tells the server that the rest will not come; in the same entry of the spool the transfer is forgotten.</summary>
    private bool End(Transfer transfer, string reason)
    {
        if (transfer.EndReason is null)
        {
            Refuse(transfer, reason);
            transfer.EndReason = reason;
        }

        if (!TryAppend(transfer, RecordType.FileEnd, new FileEnd(transfer.Id, reason).Encode(), [FileProgress.None(transfer.Id)]))
        {
            return false;
        }

        _transfers.Remove(transfer);
        return true;
    }

    private void Expire()
    {
        var limit = (writer.WallUnixMs ?? 0) - (long)LongestOffline.TotalMilliseconds;
        foreach (var transfer in _transfers.Where(one => one.About?.UnixMs < limit).ToList())
        {
            End(transfer, "expired");
        }
    }

    /// <summary>Whether the server has, or knows to be lost, every record of it.</summary>
    private bool IsDelivered(Transfer transfer)
    {
        if (transfer.Last is { } last)
        {
            return spool.IsAcked(last);
        }

        if (_before.Count > 0)
        {
            _before.IntersectWith(spool.EpochsToOpen().Select(epoch => epoch.Id));
        }

        return _before.Count == 0;
    }

    private bool TryAppend(Transfer transfer, uint type, ReadOnlySpan<byte> content, ReadOnlySpan<Checkpoint> checkpoints)
    {
        if (!writer.TryAppend(StreamId.Files, type, content, checkpoints, durable: false, out var record))
        {
            return false;
        }

        transfer.Last = record;
        transfer.ToldAt = time.GetTimestamp();
        return true;
    }

    private void Forget(Transfer transfer)
    {
        _transfers.Remove(transfer);
        spool.AppendCheckpoints([FileProgress.None(transfer.Id)]);
    }

    private void Refuse(Transfer transfer, string reason)
    {
        queue.Reject(transfer.Id, transfer.Name, reason);
        LogEnded(transfer.Name, reason);
        events.Report(new DeviceEvent(AgentEvents.FileRefused, DeviceEvent.Warning, [new("name", transfer.Name), new("reason", reason)]));
    }

    [LoggerMessage(EventId = 3102, Level = LogLevel.Warning, Message = "Files: {Problem}")]
    private partial void LogFailed(string problem);

    [LoggerMessage(EventId = 3103, Level = LogLevel.Information, Message = "The server has stored the file {Name}, {Bytes} bytes")]
    private partial void LogStored(string name, long bytes);

    [LoggerMessage(EventId = 3104, Level = LogLevel.Warning, Message = "The file {Name} is not sent: {Reason}")]
    private partial void LogEnded(string name, string reason);
}
