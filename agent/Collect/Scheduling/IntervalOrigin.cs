namespace Messaging.Agent.Collect.Scheduling;

/// <summary>Who decided about an interval; the later ones win.</summary>
internal enum IntervalOrigin
{
    Default,
    Configuration,
    Command,

    /// <summary>The fleet's desired state.</summary>
    Desired,
}
