namespace Messaging.Sessions;

/// <summary>What a message of a session is.</summary>
public enum SessionMessageKind
{
    /// <summary>Bytes: what is typed, what is shown, a part of a file.</summary>
    Data = 0,

    /// <summary>To the device: <see cref="TerminalSize"/>.</summary>
    Resize = 1,

    /// <summary>The last message of each side: <see cref="SessionEnd"/>.</summary>
    End = 2,
}
