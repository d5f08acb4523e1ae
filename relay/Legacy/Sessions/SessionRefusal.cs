namespace Messaging.Relay.Legacy.Sessions;

/// <summary>Why there is no session.</summary>
internal enum SessionRefusal
{
    /// <summary>There is one.</summary>
    None,

    NameInUse,

    ChannelFull,

    AddressFull,

    Full,
}
