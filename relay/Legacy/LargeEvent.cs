namespace Messaging.Relay.Legacy;

/// <summary>What becomes of an event that is larger than a whole answer may be.</summary>
internal enum LargeEvent
{
    /// <summary>It is an answer of its own.</summary>
    Given,

    /// <summary>It is counted, and the next one comes.</summary>
    LeftOut,

    /// <summary>The answer ends before it.</summary>
    Held,
}
