namespace Messaging.Agent.Commands.Scripts;

/// <summary>Why a script ended.</summary>
internal enum ScriptEnd
{
    /// <summary>By itself, or somebody else killed it.</summary>
    Exited,
    TimedOut,
    Cancelled,

    /// <summary>The kernel killed it, for it wanted more memory than it may have.</summary>
    OutOfMemory,
}
