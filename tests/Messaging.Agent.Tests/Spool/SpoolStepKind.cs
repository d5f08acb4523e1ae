namespace Messaging.Agent.Tests.Spool;

internal enum SpoolStepKind
{
    Log,
    Metric,
    Event,

    /// <summary>A position without a record.</summary>
    Move,
    Sync,
    Send,
    Ack,
    SaveAcks,
    SettleGaps,
    Epoch,

    /// <summary>In order, with everything closed.</summary>
    Restart,

    /// <summary>The disk takes nothing for a while.</summary>
    Refuse,

    /// <summary>The disk takes writes and cannot sync them.</summary>
    RefuseSync,
}
