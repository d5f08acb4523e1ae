namespace Messaging.Files;

/// <summary>What a server has of a file.</summary>
public enum FileReceiptState
{
    /// <summary>Not all of it yet: chunks that it lacks are listed, or what it has is being checked.</summary>
    Receiving = 0,

    /// <summary>All of it, checked against its hash and stored for good: the sender may delete it.</summary>
    Stored = 1,

    /// <summary>It takes nothing more of this transfer; the reason says why.</summary>
    Ended = 2,

    /// <summary>It knows nothing of it: the transfer begins anew with its manifest.</summary>
    Unknown = 3,
}
