namespace Messaging.Agent.Updates.Root;

/// <summary>How far the helper is with an update. What ends with "ing" was begun, and is done again after a power cut.</summary>
internal enum UpdatePhase
{
    /// <summary>It knows nothing of it.</summary>
    None,

    /// <summary>The artifact is there, verified, and laid into the inactive place.</summary>
    Staged,

    Switching,

    /// <summary>It is the current one, on trial.</summary>
    Switched,

    Committing,

    Committed,

    Reverting,

    /// <summary>What was there before is the current one again.</summary>
    Reverted,
}
