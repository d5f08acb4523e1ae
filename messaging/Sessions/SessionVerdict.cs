namespace Messaging.Sessions;

/// <summary>What a packet that arrived was.</summary>
public enum SessionVerdict
{
    /// <summary>No packet, or one whose content is against the protocol.</summary>
    Malformed,

    /// <summary>It does not open: changed on the way, or nobody's.</summary>
    NotAuthentic,

    /// <summary>Its number is not above the last one: a copy, or one that was overtaken.</summary>
    Replayed,

    /// <summary>Only acknowledgements.</summary>
    NoMessage,

    /// <summary>The next message.</summary>
    Message,

    /// <summary>A message that came before.</summary>
    Known,

    /// <summary>A message whose predecessor is missing; it is sent again.</summary>
    TooEarly,

    /// <summary>More than was allowed.</summary>
    TooMuch,
}
