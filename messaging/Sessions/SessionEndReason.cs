namespace Messaging.Sessions;

/// <summary>Why a session is over.</summary>
public enum SessionEndReason
{
    /// <summary>It did what it was for: the shell has ended.</summary>
    Done = 0,

    /// <summary>The client closed it.</summary>
    Closed = 1,

    /// <summary>Nothing was typed or shown for too long.</summary>
    Idle = 2,

    /// <summary>It lasted as long as a session may.</summary>
    TooLong = 3,

    /// <summary>The agent stops.</summary>
    Stopping = 4,

    /// <summary>The other side was not heard for too long.</summary>
    Lost = 5,

    /// <summary>It does not work; the text says why.</summary>
    Failed = 6,
}
