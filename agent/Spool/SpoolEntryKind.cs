namespace Messaging.Agent.Spool;

internal enum SpoolEntryKind : byte
{
    /// <summary>epochId 16 | epochNo u64 | frame.</summary>
    EpochOpen = 1,

    /// <summary>epochId 16 | stream u32 | seq u64 | checkpoints | frame.</summary>
    Record = 2,

    /// <summary>checkpoints.</summary>
    Checkpoint = 3,

    /// <summary>Ranges that will never be sent, and why.</summary>
    Gaps = 4,

    /// <summary>Everything but records, as it was when this segment began: older segments can then be deleted.</summary>
    Snapshot = 5,
}
