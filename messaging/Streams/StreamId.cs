namespace Messaging.Streams;

/// <summary>The streams of an epoch. Each has its own keys, sequence numbers and replay window. Others are free for later use.</summary>
public static class StreamId
{
    /// <summary>Up: measurements.</summary>
    public const uint Metrics = 1;

    /// <summary>Up: log lines.</summary>
    public const uint Logs = 2;

    /// <summary>Up: events, command reports, device information, key updates, gaps.</summary>
    public const uint Events = 3;

    /// <summary>Up: what is worth nothing later. Neither acknowledged nor spooled.</summary>
    public const uint Volatile = 4;

    /// <summary>Up: files of the device's own programs.</summary>
    public const uint Files = 5;

    /// <summary>Down: commands.</summary>
    public const uint Commands = 1;

    /// <summary>Down: acknowledgements, whom to trust, epoch requests, receipts. Not acknowledged.</summary>
    public const uint Control = 2;
}
