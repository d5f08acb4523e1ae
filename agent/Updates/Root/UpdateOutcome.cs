namespace Messaging.Agent.Updates.Root;

/// <summary>What came of a request.</summary>
internal enum UpdateOutcome
{
    Done,

    /// <summary>It was tried.</summary>
    Failed,

    /// <summary>It was not tried.</summary>
    Refused,

    /// <summary>It cannot be done now: it is to be asked for again.</summary>
    Later,
}
