namespace Messaging.Agent.Configuration;

internal sealed class SpoolOptions
{
    /// <summary>Quota; beyond it the oldest records are dropped, and the drop is reported.</summary>
    public long MaxBytes { get; set; } = 256 * 1024 * 1024;

    /// <summary>And this share of the file system, in percent ...</summary>
    public int MaxDiskShare { get; set; } = 10;

    /// <summary>... of which this much is always left to others.</summary>
    public long KeepFree { get; set; } = 64 * 1024 * 1024;

    /// <summary>What goes first: <c>oldest</c>, or <c>lowest-priority</c> (files, then metrics, then logs, then events).</summary>
    public string Evict { get; set; } = "oldest";

    public long SegmentBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>Records are flushed to the medium at least this often ...</summary>
    public TimeSpan SyncInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>... or when this many wait.</summary>
    public int SyncRecords { get; set; } = 64;
}
