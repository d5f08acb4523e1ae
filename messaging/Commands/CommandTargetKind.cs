namespace Messaging.Commands;

/// <summary>Whom a command addresses.</summary>
public enum CommandTargetKind
{
    /// <summary>One device.</summary>
    Device = 0,

    /// <summary>Every member of a group.</summary>
    Group = 1,
}
