namespace Messaging.Commands;

/// <summary>How far a command is on its device.</summary>
public enum CommandState
{
    /// <summary>Verified and journaled.</summary>
    Accepted = 0,

    /// <summary>Running.</summary>
    Running = 1,

    /// <summary>Ended well.</summary>
    Done = 2,

    /// <summary>Ended badly.</summary>
    Failed = 3,

    /// <summary>Not allowed, not understood or not for this device; it was not run.</summary>
    Rejected = 4,

    /// <summary>Came too late; it was not run.</summary>
    Expired = 5,

    /// <summary>The device went down while it ran, and running it again could do harm.</summary>
    Unknown = 6,

    /// <summary>Somebody cancelled it: it was not started, or was stopped.</summary>
    Cancelled = 7,
}
