namespace Messaging.Agent.Collect.Scheduling;

internal enum CollectorState
{
    /// <summary>Not asked yet.</summary>
    Waiting,

    Ok,

    /// <summary>The last collection threw.</summary>
    Failing,

    /// <summary>A collection passed its deadline and has not come back.</summary>
    Hanging,

    /// <summary>This machine has nothing to measure here.</summary>
    Unavailable,
}
