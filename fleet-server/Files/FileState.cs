namespace Messaging.FleetServer.Files;

/// <summary>How far a device's file is. Stored as a number.</summary>
internal enum FileState
{
    /// <summary>Chunks are missing.</summary>
    Receiving = 0,

    /// <summary>All chunks are here; the whole is being checked against its hash.</summary>
    Verifying = 1,

    /// <summary>Checked and stored.</summary>
    Complete = 2,

    /// <summary>It will never be whole; the reason says why.</summary>
    Incomplete = 3,

    /// <summary>It was complete; its content is not kept any more.</summary>
    Expired = 4,

    /// <summary>An operator deleted it. Kept for a while, so that its device does not send it again; not shown.</summary>
    Deleted = 5,
}
