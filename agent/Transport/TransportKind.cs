namespace Messaging.Agent.Transport;

/// <summary>How MQTT is carried, best first.</summary>
internal enum TransportKind
{
    /// <summary>On TCP, with TLS.</summary>
    Mqtt,

    /// <summary>In WebSocket frames.</summary>
    WebSocket,

    /// <summary>In HTTP requests, as the last resort.</summary>
    LongPoll,
}
