namespace Messaging.Recordings;

/// <summary>What comes next in a recording.</summary>
public enum RecordingFrame
{
    /// <summary>Who recorded what, and for whom: the first one.</summary>
    Head = 0,

    /// <summary>A chunk with more behind it.</summary>
    Chunk = 1,

    /// <summary>The last chunk.</summary>
    Final = 2,

    /// <summary>Nothing: it ends where a frame ends.</summary>
    Nothing = 3,

    /// <summary>A frame that is cut off, changed or none.</summary>
    Damaged = 4,
}
