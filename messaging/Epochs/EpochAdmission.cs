namespace Messaging.Epochs;

/// <summary>What a receiver does with an epoch's opening that it has verified.</summary>
public enum EpochAdmission
{
    /// <summary>Open it.</summary>
    New = 0,

    /// <summary>It is this very epoch again: harmless, nothing to do.</summary>
    Known,

    /// <summary>Its number is at or below the floor, or does not rise where it must: refuse it.</summary>
    Stale,

    /// <summary>Its number belongs to another epoch: refuse it, and report it, because a sender never uses a number twice.</summary>
    Conflict,
}
