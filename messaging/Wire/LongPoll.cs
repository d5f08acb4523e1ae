namespace Messaging.Wire;

/// <summary>
/// MQTT's byte stream in plain HTTP requests, where nothing better gets through. The spec is messaging/spec/protocol.md,
/// section "Long poll".
/// </summary>
public static class LongPoll
{
    /// <summary>What follows the path of MQTT over WebSocket.</summary>
    public const string PathSuffix = "/poll";

    /// <summary>Request and response header: the session, as the relay made it. It is a secret: it goes in a header because addresses are logged.</summary>
    public const string SessionHeader = "Poll-Session";

    /// <summary>Request and response header: the number of the chunk that is sent or asked for, from 1.</summary>
    public const string NumberHeader = "Poll-Number";

    /// <summary>Request header of a GET: seconds that the relay may hold the answer back.</summary>
    public const string WaitHeader = "Poll-Wait";

    /// <summary>Bytes of one chunk, either way.</summary>
    public const int MaxChunkBytes = 64 * 1024;

    /// <summary>Seconds that an answer is held back at most.</summary>
    public const int MaxWaitSeconds = 25;

    /// <summary>Bytes of randomness in a session's name.</summary>
    public const int SessionBytes = 24;
}
