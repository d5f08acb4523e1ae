namespace Messaging.Agent.Configuration;

internal sealed class LogOptions
{
    /// <summary>Files to follow; <c>*</c> and <c>?</c> match within a folder's or file's name.</summary>
    public string Files { get; set; } = "";

    /// <summary><c>auto</c> (when there is one), <c>on</c> (its absence is a problem) or <c>off</c>.</summary>
    public string Journal { get; set; } = "auto";

    /// <summary>A folder of journal files; empty: the system's.</summary>
    public string JournalFolder { get; set; } = "";

    /// <summary>How much of the journal is read when it is followed for the first time.</summary>
    public TimeSpan JournalInitial { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Units, or identifiers of what is no unit such as <c>kernel</c>, whose entries are wanted; empty: all.</summary>
    public string JournalUnits { get; set; } = "";

    /// <summary>Less urgent entries are left out.</summary>
    public string JournalPriority { get; set; } = "debug";

    /// <summary>
    /// <c>on</c>: what has been read of a file is put on the disk before it counts as read. Otherwise a power cut can take lines from the
    /// file that were sent already, and the file, shorter than it was, is taken for a new one and read again.
    /// </summary>
    public string SyncFiles { get; set; } = "on";

    /// <summary>How much of a file that exists when it is followed for the first time is read, from its end.</summary>
    public long InitialBytes { get; set; } = 1024 * 1024;

    /// <summary>Longer lines are split, and the pieces marked.</summary>
    public int LineBytes { get; set; } = 16 * 1024;

    /// <summary>A last line without its newline is sent when it has not grown for this long.</summary>
    public TimeSpan PartialLineAge { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often files are looked at when the kernel does not say that they changed.</summary>
    public TimeSpan Poll { get; set; } = TimeSpan.FromMilliseconds(500);

    public IReadOnlyList<string> FileList() => ValueList.Split(Files);

    public IReadOnlyList<string> JournalUnitList() => ValueList.Split(JournalUnits);
}
