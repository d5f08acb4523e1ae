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

    /// <summary>From the device, first in a session that carries a file: <see cref="FileStart"/>.</summary>
    Start = 3,

    /// <summary>From the device, after the last byte of a file that is pulled: <see cref="FileSum"/>.</summary>
    Sum = 4,
}
