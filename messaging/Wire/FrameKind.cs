namespace Messaging.Wire;

/// <summary>What a frame carries.</summary>
public enum FrameKind
{
    /// <summary>Nothing: the value of a frame that could not be read.</summary>
    None = 0,

    /// <summary>The signed opening of an epoch (COSE_Sign1).</summary>
    EpochOpen = 1,

    /// <summary>A sealed record (COSE_Encrypt0).</summary>
    Record = 2,

    /// <summary>A packet of a session between an operator and a device (messaging/spec/protocol.md, section 23).</summary>
    Session = 3,
}
