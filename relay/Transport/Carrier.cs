namespace Messaging.Relay.Transport;

/// <summary>What MQTT's bytes travel in.</summary>
internal enum Carrier
{
    /// <summary>A TCP connection or a Unix socket, with TLS or without.</summary>
    Stream,

    /// <summary>Frames of a WebSocket.</summary>
    WebSocket,

    /// <summary>Bodies of HTTP requests and answers.</summary>
    LongPoll,
}
