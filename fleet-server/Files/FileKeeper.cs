using Messaging.FleetServer.Events;

namespace Messaging.FleetServer.Files;

/// <summary>Ends files, by hand and by time, and deletes what is not kept.</summary>
internal sealed partial class FileKeeper(FileTable table, FileStore store, IFleetEvents events, FileLimits limits, TimeProvider time, ILogger<FileKeeper> logger)
{
    private const int AtOnce = 500;

    /// <summary>What has no row yet may be a moment before its commit.</summary>
    private static readonly TimeSpan OrphanAge = TimeSpan.FromHours(1);

    /// <summary>Deletes what is there of a file. What cannot be deleted now is found again.</summary>
    public void Delete(FileRow row)
    {
        try
        {
            store.Delete(row.Device, row.Transfer);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            LogFailed(logger, error);
        }
    }

    /// <summary>Ends a file as nobody else may have: false when it changed meanwhile.</summary>
    public bool TryEnd(FileRow row, FileState state, string reason)
    {
        if (!table.TryEnd(row, state, reason, time.GetUtcNow()))
        {
            return false;
        }

        if (state != FileState.Complete)
        {
            Delete(row);
        }

        events.Publish(new FileChanged(row.Device.ToString(), row));
        return true;
    }

    /// <summary>One round of what goes by time. Returns how many files it ended or forgot.</summary>
    public int KeepHouse()
    {
        var now = time.GetUtcNow();
        var count = 0;
        foreach (var (recordings, kept) in new[] { (false, limits.Retention), (true, limits.RecordingRetention) })
        {
            foreach (var row in table.InState(FileState.Complete, now - kept, AtOnce, recordings))
            {
                count += TryEnd(row, FileState.Expired, FileReason.Retention) ? 1 : 0;
            }
        }

        foreach (var row in table.InState(FileState.Receiving, now - limits.LongestOffline, AtOnce))
        {
            count += TryEnd(row, FileState.Incomplete, FileReason.TimedOut) ? 1 : 0;
        }

        count += table.Forget(now - limits.LongestOffline - limits.Retention, AtOnce);
        foreach (var (device, transfer, writtenAt) in store.List())
        {
            if (writtenAt < (now - OrphanAge).UtcDateTime && table.Find(device, transfer) is not { State: < FileState.Incomplete })
            {
                store.Delete(device, transfer);
                count++;
            }
        }

        return count;
    }

    [LoggerMessage(1, LogLevel.Warning, "A file of a device could not be deleted; trying again later")]
    private static partial void LogFailed(ILogger logger, Exception error);
}
