namespace Messaging.Wire;

/// <summary>What a client wants of a relay on a channels' WebSocket.</summary>
public enum ChannelRequestKind
{
    /// <summary>Opens a channel, follows it, and is a member of it.</summary>
    Open = 1,

    /// <summary>Appends a record.</summary>
    Append = 2,

    /// <summary>Closes a channel.</summary>
    Close = 3,
}
