namespace Messaging.Agent.Logs.Files;

internal enum PumpOutcome
{
    /// <summary>Everything readable was handed over.</summary>
    AtEnd,

    /// <summary>All but a last line that has no newline yet.</summary>
    PartialLine,

    /// <summary>The file no longer holds what was read of it: it was truncated, or its inode belongs to another file by now.</summary>
    Replaced,

    /// <summary>The medium or the file system refuses; the reason is the file's problem.</summary>
    Unreadable,
}
