namespace Messaging.Relay.Principals;

/// <summary>What became of a directory update.</summary>
internal enum DirectoryOutcome
{
    /// <summary>A part of a snapshot was put aside; nothing is in force yet.</summary>
    Staged,

    /// <summary>The listed entries are in force.</summary>
    Changed,

    /// <summary>A whole new directory is in force.</summary>
    Replaced,

    /// <summary>An entry's key is no point of the curve. Nothing was changed.</summary>
    InvalidKey,

    /// <summary>The update does not fit: an old version, a part of another snapshot, a change before the first snapshot. Nothing was changed.</summary>
    OutOfOrder,
}
