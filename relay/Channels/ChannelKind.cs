namespace Messaging.Relay.Channels;

/// <summary>Which agents a channel is for. The numbers are stored.</summary>
internal enum ChannelKind
{
    /// <summary>Sealed records of protocol.md.</summary>
    Sealed = 1,

    /// <summary>Events of the seed system's agents.</summary>
    Legacy = 2,
}
