namespace Messaging.Agent.Spool;

/// <summary>How much the spool may hold.</summary>
internal sealed record SpoolLimits
{
    /// <summary>Largest frame of the protocol, 256 KiB.</summary>
    public const int MaxFrameBytes = 256 * 1024;

    /// <summary>Bytes of all segments together; the oldest goes first.</summary>
    public long MaxBytes { get; init; } = 256L * 1024 * 1024;

    /// <summary>The share of the file system that the spool may fill; 1 for all of it.</summary>
    public double MaxDiskShare { get; init; } = 1;

    /// <summary>Bytes of the file system that the spool leaves to others.</summary>
    public long KeepFree { get; init; }

    /// <summary>What goes first when it is full.</summary>
    public EvictionOrder Evict { get; init; }

    /// <summary>How often the file system is asked how full it is.</summary>
    public TimeSpan SpaceInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A segment is closed at this size; only whole segments are freed.</summary>
    public int SegmentBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Appended records are synced at the latest when this many wait.</summary>
    public int MaxUnsynced { get; init; } = 64;

    /// <summary>A device that is restarted offline again and again keeps this many epochs.</summary>
    public int MaxEpochs { get; init; } = 1024;

    /// <summary>Ranges of lost records that wait to be reported.</summary>
    public int MaxGaps { get; init; } = 16 * 1024;

    /// <summary>After a failure the disk is tried again at most this often.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(5);
}
