namespace Messaging.Agent.Spool;

/// <summary>Why a range of records will never arrive. The numbers are on disk.</summary>
internal enum GapReason : byte
{
    /// <summary>The spool was full: the oldest records were dropped.</summary>
    Quota = 1,

    /// <summary>The disk refused to take them.</summary>
    DiskFailed = 2,

    /// <summary>They were on disk, and could no longer be read.</summary>
    Corrupt = 3,

    /// <summary>They were not yet synced when the device lost power.</summary>
    PowerCut = 4,

    /// <summary>The frame that opens their epoch could no longer be read.</summary>
    EpochLost = 5,

    /// <summary>Too many process starts while offline.</summary>
    TooManyEpochs = 6,

    /// <summary>The server had confirmed them, and lost them when it was restored from an older backup.</summary>
    ServerRestored = 7,
}
