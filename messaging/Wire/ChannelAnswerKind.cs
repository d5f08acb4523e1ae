namespace Messaging.Wire;

/// <summary>What a relay says on a channels' WebSocket.</summary>
public enum ChannelAnswerKind
{
    /// <summary>A channel is open.</summary>
    Opened = 17,

    /// <summary>A request was refused, or an open channel ended.</summary>
    Refused = 18,

    /// <summary>A record is on the disk.</summary>
    Appended = 19,

    /// <summary>Records.</summary>
    Records = 20,

    /// <summary>Who is here now.</summary>
    Members = 21,
}
