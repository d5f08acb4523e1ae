namespace Messaging.Agent.Shell.Login;

/// <summary>What goes between the agent and the helper for shells.</summary>
internal enum LoginFrameKind : byte
{
    /// <summary>From the agent, first: columns and rows (16 bits each, big-endian), then the terminal's type.</summary>
    Open = 1,

    /// <summary>From both: what is typed, what is written.</summary>
    Data = 2,

    /// <summary>From the agent: columns and rows.</summary>
    Resize = 3,

    /// <summary>From the helper: the shell runs; the body says as whom.</summary>
    Opened = 4,

    /// <summary>From the helper, last: the shell has ended with this exit code, one byte.</summary>
    End = 5,

    /// <summary>From the helper, instead of all: why there is no shell.</summary>
    Refused = 6,
}
