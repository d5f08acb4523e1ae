namespace Messaging.Agent.Spool;

/// <summary>What goes first when the spool is full.</summary>
internal enum EvictionOrder
{
    /// <summary>The oldest segment, but for its events and reports of commands; these when nothing else is left.</summary>
    Oldest,

    /// <summary>Files, metrics, logs, then what is left; of each the oldest first.</summary>
    LowestPriority,
}
