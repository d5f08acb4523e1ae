namespace Messaging.Agent.Spool;

/// <summary>What goes first when the spool is full.</summary>
internal enum EvictionOrder
{
    /// <summary>Whole segments, oldest first.</summary>
    Oldest,

    /// <summary>Files, metrics, logs, then what is left; of each the oldest first.</summary>
    LowestPriority,
}
