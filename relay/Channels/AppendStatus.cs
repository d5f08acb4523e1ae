namespace Messaging.Relay.Channels;

/// <summary>Whether a record was taken.</summary>
internal enum AppendStatus
{
    /// <summary>It is on the disk.</summary>
    Durable,

    /// <summary>It is larger than a record may be.</summary>
    TooLarge,

    /// <summary>All channels together hold as much as they may.</summary>
    QuotaExceeded,

    /// <summary>The relay is half full, and this address has appended its share of the day.</summary>
    ShareExceeded,

    /// <summary>The relay's disk has no room.</summary>
    DiskFull,

    /// <summary>The relay's disk failed.</summary>
    DiskFailed,

    /// <summary>More waits for the disk than may; the same again later.</summary>
    Busy,

    /// <summary>The relay stops.</summary>
    Stopping,

    /// <summary>The channel was removed.</summary>
    Gone,
}
