namespace Messaging.FleetServer.Sessions;

/// <summary>How much of the server the sessions of operators with devices may take.</summary>
internal static class SessionLimits
{
    public const int MaxSessions = 200;
    public const int MaxPerDevice = 8;
    public const int MaxPerCaller = 16;

    /// <summary>Bytes for a client that does not read; more is dropped, and the device sends it again.</summary>
    public const int MaxQueuedBytes = 1024 * 1024;

    /// <summary>
    /// Bytes that a client may send without a word of the device: so no more waits for a slow device in the relay, which would cut a device for
    /// which too much waits.
    /// </summary>
    public const int MaxUnheardBytes = 448 * 1024;

    /// <summary>As much more may be sent with each packet of the device, up to <see cref="MaxUnheardBytes"/>.</summary>
    public const int HeardBytes = 96 * 1024;

    /// <summary>Whether the caller may still be here is asked so often, besides when somebody's access changes.</summary>
    public static readonly TimeSpan AccessInterval = TimeSpan.FromSeconds(30);

    /// <summary>A client that answers no ping for so long is gone.</summary>
    public static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(15);

    /// <summary>For the closing handshake.</summary>
    public static readonly TimeSpan CloseTime = TimeSpan.FromSeconds(1);
}
