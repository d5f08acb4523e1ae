namespace Messaging.Relay.Transport;

/// <summary>How far a connection has come.</summary>
internal enum ChannelPhase
{
    /// <summary>Nothing but a CONNECT is taken.</summary>
    AwaitingConnect,

    /// <summary>The CONNECT is here; AUTH goes back and forth until the CONNACK.</summary>
    Authenticating,

    /// <summary>A successful CONNACK has been sent.</summary>
    Connected,
}
