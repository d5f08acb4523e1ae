namespace Messaging.Commands;

/// <summary>Whom a command addresses.</summary>
public enum CommandTargetKind
{
    /// <summary>One device.</summary>
    Device = 0,

    /// <summary>The devices of a set, and no others.</summary>
    Set = 1,
}
