namespace Messaging.Wire;

/// <summary>How a directory update changes what the relay knows.</summary>
public enum DirectoryUpdateKind
{
    /// <summary>Adds or replaces the listed entries.</summary>
    Delta = 0,

    /// <summary>Starts a new directory, which replaces the old one when the snapshot ends.</summary>
    SnapshotBegin = 1,

    /// <summary>Adds entries to the snapshot that was begun.</summary>
    SnapshotPart = 2,

    /// <summary>Completes the snapshot: from now on it is the directory.</summary>
    SnapshotEnd = 3,
}
