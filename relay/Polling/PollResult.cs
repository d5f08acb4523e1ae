namespace Messaging.Relay.Polling;

/// <summary>What became of a request of long poll.</summary>
internal enum PollResult
{
    /// <summary>The chunk was taken (now or before), or here it is.</summary>
    Done,

    /// <summary>Nothing came in time.</summary>
    Nothing,

    /// <summary>The request cannot be understood.</summary>
    Malformed,

    /// <summary>The number is neither the next nor the last.</summary>
    WrongNumber,

    /// <summary>The chunk has too many bytes.</summary>
    TooLarge,

    /// <summary>There is no room yet, or another request is under way: the same again later.</summary>
    Busy,

    /// <summary>The MQTT connection is over.</summary>
    Ended,
}
