namespace Messaging.Recordings;

/// <summary>What came of reading a recording.</summary>
public enum RecordingVerdict
{
    /// <summary>There is more.</summary>
    Content,

    /// <summary>It is whole: its last chunk was read.</summary>
    Complete,

    /// <summary>It ends after a chunk that is not the last one: the device was cut off.</summary>
    BrokenOff,

    /// <summary>It does not begin as a recording does.</summary>
    NotARecording,

    /// <summary>Its head is not signed by the device that it names.</summary>
    NotSigned,

    /// <summary>It is not sealed to this key.</summary>
    OtherRecipient,

    /// <summary>Something in it was changed, left out, put elsewhere or added.</summary>
    Damaged,
}
