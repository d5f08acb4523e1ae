using Messaging.Agent.Configuration;
using Messaging.Agent.Spool;
using Messaging.Agent.Status;
using Messaging.Agent.Uplink;
using Messaging.Files;
using Messaging.Streams;
using Messaging.Wire;
using Microsoft.Extensions.Logging;

namespace Messaging.Agent.Files;

/// <summary>
/// Brings files to the server, one after the other: has a few chunks of each sealed ahead of what the server has confirmed, and keeps each file
/// until the server says that it has stored it.
/// </summary>
internal sealed partial class FileCourier(
    IEnumerable<IFileOrigin> origins,
    FileSealer sealer,
    UplinkWriter writer,
    SpoolStore spool,
    FileReceipts receipts,
    AgentOptions options,
    TimeProvider time,
    ILogger<FileCourier> logger) : IStatusPart
{
    /// <summary>Records in the spool that the server has not confirmed: with chunks of 32 KiB 1 MiB, whatever the size of the file.</summary>
    public const int Window = 32;
    private const int MaxMissing = 4096;
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(2);

    /// <summary>Nothing older is delivered.</summary>
    private static readonly TimeSpan LongestOffline = TimeSpan.FromDays(90);
    private readonly IFileOrigin[] _origins = [.. origins];
    private readonly List<Transfer> _transfers = [];
    private HashSet<EpochId> _before = [];
    private volatile string? _problem;
    private volatile FilesStatus _status = new(0, null);
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
                    foreach (var origin in _origins)
                    {
                        origin.Prepare();
                    }

                    Recover();
                    isReady = true;
                }

                // A folder that cannot be read holds up nothing of what is taken already.
                var problem = Look(ct);
                Turn(ct);
                Tell(problem);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Tell(e.Message);
            }

            await receipts.News.WaitAsync(LookInterval, time, ct);
        }
    }

    public void Contribute(StatusBuilder status)
    {
        status.Files = _status;
        if (_problem is { } problem)
        {
            status.Problems.Add(new StatusProblem(
                "files", problem, $"The agent must be able to read, move and delete what is in {Path.Combine(options.Local.Drop, "files")}.", null));
        }
    }

    /// <summary>What a run before left: files in the queue, and how far they are sealed.</summary>
    public void Recover()
    {
        sealer.Recover(spool.Checkpoints(DayBudget.Key));
        _transfers.Clear();
        var sealedOnes = new Dictionary<TransferId, FileProgress>();
        foreach (var checkpoint in spool.Checkpoints(FileProgress.KeyPrefix))
        {
            if (FileProgress.TryRead(checkpoint, out var id, out var progress))
            {
                sealedOnes[id] = progress;
            }
        }

        foreach (var origin in _origins)
        {
            foreach (var about in origin.Queue.Recover(sealedOnes.ContainsKey))
            {
                _transfers.Add(new Transfer(about.Id, about, origin.Queue) { Progress = sealedOnes.Remove(about.Id, out var progress) ? progress : null, ToldAt = time.GetTimestamp() });
            }
        }

        // Their files are gone: deleted, because the server has them, or by somebody.
        foreach (var (id, progress) in sealedOnes)
        {
            var (about, queue) = AboutOf(id);
            _transfers.Add(new Transfer(id, about, queue) { Progress = progress, ToldAt = time.GetTimestamp() });
        }

        // Those that were begun first, then in the order in which they came.
        var ordered = _transfers.OrderBy(one => one.Progress is null ? 1L : 0).ThenBy(one => one.About?.UnixMs ?? 0).ToList();
        _transfers.Clear();
        _transfers.AddRange(ordered);
        _before = Ids(spool.EpochsToOpen().Where(epoch => epoch.Number != writer.EpochNo));
    }

    /// <summary>One round: what the server said, what can be sealed, what is to be asked.</summary>
    public void Turn(CancellationToken ct)
    {
        while (receipts.TryTake(out var receipt))
        {
            Take(receipt);
        }

        foreach (var origin in _origins)
        {
            foreach (var about in origin.Taken())
            {
                // One that was taken before the start may be known by now.
                if (!_transfers.Exists(one => one.Id == about.Id))
                {
                    _transfers.Add(new Transfer(about.Id, about, origin.Queue) { ToldAt = time.GetTimestamp() });
                }
            }
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

        foreach (var origin in _origins)
        {
            origin.Count(_transfers.Count);
        }

        _status = Describe();
    }

    /// <summary>Acknowledgements come many times a second, and the folder may hold a hundred thousand files.</summary>
    /// <returns>What keeps one of them from being looked at.</returns>
    private string? Look(CancellationToken ct)
    {
        if (_lookedAt is { } at && time.GetElapsedTime(at) < LookInterval)
        {
            return _problem;
        }

        _lookedAt = time.GetTimestamp();
        string? problem = null;
        foreach (var origin in _origins)
        {
            try
            {
                origin.Look(ct);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                problem = e.Message;
            }
        }

        return problem;
    }

    private void Tell(string? problem)
    {
        if (problem is not null && problem != _problem)
        {
            LogFailed(problem);
        }

        _problem = problem;
    }

    /// <summary>What was said of a file that is gone, where its words are still there.</summary>
    private (FileManifest? About, FileQueue Queue) AboutOf(TransferId id)
    {
        foreach (var origin in _origins)
        {
            if (origin.Queue.ReadAbout(id) is { } about)
            {
                return (about, origin.Queue);
            }
        }

        return (null, _origins[0].Queue);
    }

    private FilesStatus Describe()
    {
        var status = new FilesStatus(_transfers.Count, _transfers.Count > 0 && !sealer.IsDayOpen ? "day" : null);
        return _transfers.Find(one => one.Manifest is not null) is { Manifest: { } manifest, Progress: { } progress } transfer
            ? status with { Name = transfer.Name, Size = manifest.Size, Sealed = Math.Min(manifest.Size, (long)progress.Next * progress.ChunkSize) }
            : status;
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
                transfer.Queue.Remove(transfer.Id);
                Forget(transfer);
                LogStored(transfer.Name, transfer.Progress?.Mark.Size ?? 0);
                break;
            case FileReceiptState.Ended:
                sealer.Refuse(transfer, receipt.Reason);
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
        if (!sealer.IsDayOpen)
        {
            return false;
        }

        foreach (var transfer in _transfers.Where(one => !one.IsSealed && (one.RetryAt == 0 || time.GetElapsedTime(one.RetryAt) >= LookInterval)).ToList())
        {
            var sealedOne = sealer.TryNext(transfer, ct);
            if (transfer.IsOver)
            {
                _transfers.Remove(transfer);
            }

            if (sealedOne)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Asks the server for what it has of files of which all is confirmed, and of which it says nothing.</summary>
    private bool Ask()
    {
        var asked = false;
        foreach (var transfer in _transfers.Where(one => one.Progress is not null && (one.IsSealed || one.About is null) && one.IsDue(time.GetElapsedTime(one.ToldAt))).ToList())
        {
            if (IsDelivered(transfer) && sealer.TryAsk(transfer))
            {
                transfer.Asked();
                asked = true;
            }
        }

        return asked;
    }

    private void End(Transfer transfer, string reason)
    {
        if (sealer.TryEnd(transfer, reason))
        {
            _transfers.Remove(transfer);
        }
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
            _before.IntersectWith(Ids(spool.EpochsToOpen()));
        }

        return _before.Count == 0;
    }

    private static HashSet<EpochId> Ids(IEnumerable<SpoolEpoch> epochs)
    {
        var ids = new HashSet<EpochId>();
        foreach (var epoch in epochs)
        {
            ids.Add(epoch.Id);
        }

        return ids;
    }

    private void Forget(Transfer transfer)
    {
        _transfers.Remove(transfer);
        spool.AppendCheckpoints([FileProgress.None(transfer.Id)]);
    }

    [LoggerMessage(EventId = 3102, Level = LogLevel.Warning, Message = "Files: {Problem}")]
    private partial void LogFailed(string problem);

    [LoggerMessage(EventId = 3103, Level = LogLevel.Information, Message = "The server has stored the file {Name}, {Bytes} bytes")]
    private partial void LogStored(string name, long bytes);
}
