using Microsoft.Win32.SafeHandles;

namespace Messaging.Agent.Logs.Files;

/// <summary>
/// An open file that is followed, whatever its name is by now. Its pump owns the position while it runs; otherwise the source does.
/// </summary>
internal sealed class FollowedFile(FileIdentity identity, SafeFileHandle handle, FilePosition position) : IDisposable
{
    private static long _lastNumber;
    private long _lines;

    public FileIdentity Identity { get; } = identity;

    /// <summary>Of the files that had one name, the newest has the greatest.</summary>
    public long Number { get; private set; } = Interlocked.Increment(ref _lastNumber);

    public string Key { get; } = identity.CheckpointKey;

    public SafeFileHandle Handle { get; } = handle;

    /// <summary>Durable: everything before it is in the spool.</summary>
    public FilePosition Position { get; set; } = position;

    /// <summary>How operators know it: by the name at which it was found, also after it was renamed.</summary>
    public LogOrigin Origin { get; } = new(LogOriginKind.File, position.Path);

    public bool IsCopy => Position.Flags.HasFlag(FilePositionFlags.Copy);

    /// <summary>Nothing beyond it is read: the end that the copy of a rotated file had when its original was emptied.</summary>
    public long ReadLimit { get; set; } = long.MaxValue;

    /// <summary>Renamed away or deleted: what is left of it is read, then it is let go.</summary>
    public bool IsDetached { get; set; }

    /// <summary>What has to be read to its end first, because it was written before.</summary>
    public FollowedFile? Predecessor { get; set; }

    public Task<PumpOutcome>? Pump { get; set; }

    /// <summary>Size and time of change that the last pump began with.</summary>
    public (long Size, long ModifiedNs) Seen { get; set; } = (-1, 0);

    /// <summary>When the file was last seen to change; monotonic.</summary>
    public long ChangedAt { get; set; }

    /// <summary>Bytes after the position that are not a whole line yet.</summary>
    public bool HasPartialLine { get; set; }

    public long Lines => Interlocked.Read(ref _lines);

    public DateTimeOffset? LastLineAt { get; private set; }

    public bool IsIdle => Pump is null;

    /// <summary>Why it cannot be read now.</summary>
    public string? Problem { get; set; }

    /// <summary>Everything that was there at the last look has been handed over.</summary>
    public bool IsAtEnd => IsIdle && Seen.Size >= 0 && (Position.Offset >= Math.Min(Seen.Size, ReadLimit) || HasPartialLine);

    /// <summary>Everything that is there now has been handed over.</summary>
    public bool IsFinished => IsAtEnd && FileStat.TryGet(Handle, out var stat) && Seen == (stat.Size, stat.ModifiedNs);

    /// <summary>Puts it after all others.</summary>
    public void BecomeNewest() => Number = Interlocked.Increment(ref _lastNumber);

    public void Count(int lines, DateTimeOffset now)
    {
        Interlocked.Add(ref _lines, lines);
        LastLineAt = now;
    }

    public void Dispose() => Handle.Dispose();
}
