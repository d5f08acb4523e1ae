using Messaging.Agent.Configuration;
using Messaging.Agent.Events;
using Messaging.Agent.Spool;
using Messaging.Agent.Uplink;
using Messaging.Files;
using Messaging.Streams;
using Microsoft.Extensions.Logging;

namespace Messaging.Agent.Files;

/// <summary>Reads a file and seals what it becomes: a manifest with its hash, chunks in their order, a question to the server, an end.</summary>
internal sealed partial class FileSealer(
    ISources sources,
    UplinkWriter writer,
    IEventSink events,
    AgentOptions options,
    TimeProvider time,
    ILogger<FileSealer> logger)
{
    public const int ChunkSize = 32 * 1024;
    private const int MaxChanges = 30;
    private readonly DayBudget _day = new(options.Files.DayBytes);
    private readonly byte[] _chunk = new byte[ChunkSize];

    /// <summary>Whether more may be sealed today.</summary>
    public bool IsDayOpen => _day.IsOpen(writer.WallUnixMs);

    /// <summary>What was sealed today, as a run before left it.</summary>
    public void Recover(IReadOnlyList<Checkpoint> day) => _day.Load(day);

    /// <summary>Asks the server what it has of the file.</summary>
    public bool TryAsk(Transfer transfer) => TryAppend(transfer, RecordType.FileRequest, new FileRequest(transfer.Id).Encode(), []);

    /// <summary>Seals the next record of the file: its manifest, a chunk, or its end.</summary>
    /// <returns>Whether there was one and the spool took it.</returns>
    public bool TryNext(Transfer transfer, CancellationToken ct)
    {
        if (transfer.EndReason is { } reason)
        {
            return TryEnd(transfer, reason);
        }

        if (transfer.About is null)
        {
            // The server is asked; it knows nothing of it, and the file is gone.
            return transfer.Progress is null && TryEnd(transfer, "source-gone");
        }

        return transfer.Progress is null ? TryBegin(transfer, ct) : TrySendChunk(transfer);
    }

    /// <summary>Hashes the file and seals its manifest.</summary>
    private bool TryBegin(Transfer transfer, CancellationToken ct)
    {
        FileProgress progress;
        try
        {
            using var source = sources.Open(transfer.Queue.PathOf(transfer.Id));
            if (FileHash.TryCompute(source, ct, out var mark, out var sha256) is { } problem)
            {
                if (++transfer.Changes < MaxChanges)
                {
                    transfer.RetryAt = time.GetTimestamp();
                    return false;
                }

                Refuse(transfer, problem);
                transfer.IsOver = true;
                return false;
            }

            progress = new FileProgress(mark, ChunkSize, 0, sha256);
        }
        catch (IOException)
        {
            Refuse(transfer, "source-gone");
            transfer.IsOver = true;
            return false;
        }

        var manifest = transfer.About! with { Size = progress.Mark.Size, ChunkSize = ChunkSize, Sha256 = progress.Sha256 };
        if (progress.Mark.Size > transfer.Queue.MaxBytes)
        {
            Refuse(transfer, "too-large");
            transfer.IsOver = true;
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
            using var source = sources.Open(transfer.Queue.PathOf(transfer.Id));
            if (source.Look().Mark != progress.Mark || source.Read((long)index * progress.ChunkSize, bytes) != length)
            {
                return TryEnd(transfer, "source-changed");
            }
        }
        catch (IOException)
        {
            return TryEnd(transfer, "source-gone");
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

    /// <summary>Tells the server that the rest will not come; in the same entry of the spool the transfer is forgotten, and it is over.</summary>
    public bool TryEnd(Transfer transfer, string reason)
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

        transfer.IsOver = true;
        return true;
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

    /// <summary>Moves the file to the rejected ones, and says why.</summary>
    public void Refuse(Transfer transfer, string reason)
    {
        transfer.Queue.Reject(transfer.Id, transfer.Name, reason);
        LogEnded(transfer.Name, reason);
        events.Report(new DeviceEvent(AgentEvents.FileRefused, DeviceEvent.Warning, [new("name", transfer.Name), new("reason", reason)]));
    }

    [LoggerMessage(EventId = 3104, Level = LogLevel.Warning, Message = "The file {Name} is not sent: {Reason}")]
    private partial void LogEnded(string name, string reason);
}
