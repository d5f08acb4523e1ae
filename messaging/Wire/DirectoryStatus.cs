namespace Messaging.Wire;

/// <summary>Whether the relay lets a principal in.</summary>
public enum DirectoryStatus
{
    /// <summary>May connect.</summary>
    Active = 0,

    /// <summary>Cut off: a connection is closed at once.</summary>
    Revoked = 1,
}
