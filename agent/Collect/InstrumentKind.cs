namespace Messaging.Agent.Collect;

/// <summary>How the values of a metric combine over time; the numbers go over the wire.</summary>
internal enum InstrumentKind
{
    /// <summary>A value that means something by itself.</summary>
    Gauge = 0,

    /// <summary>A cumulative count that only rises until the machine restarts.</summary>
    Counter = 1,

    /// <summary>A sum that may rise and fall.</summary>
    UpDownCounter = 2,
}
