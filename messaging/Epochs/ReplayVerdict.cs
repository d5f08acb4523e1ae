namespace Messaging.Epochs;

/// <summary>What a window says about a sequence number.</summary>
public enum ReplayVerdict
{
    /// <summary>Not seen before, and the window can remember it.</summary>
    Fresh = 0,

    /// <summary>Seen before, or declared lost.</summary>
    Replay,

    /// <summary>Sliding windows only: so old that it cannot be told whether it was seen.</summary>
    TooOld,

    /// <summary>
    /// Lossless windows only: further ahead than the window reaches. It is refused, not lost: its sender sends it again once the records before it are
    /// acknowledged.
    /// </summary>
    TooNew,
}
