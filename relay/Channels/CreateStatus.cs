namespace Messaging.Relay.Channels;

/// <summary>What became of making a channel.</summary>
internal enum CreateStatus
{
    /// <summary>It is new.</summary>
    Created,

    /// <summary>It was there, and opens with the same secret.</summary>
    Existed,

    /// <summary>It was there, and opens with another secret.</summary>
    Taken,

    /// <summary>There are as many as may be.</summary>
    TooMany,

    /// <summary>The relay's disk has no room.</summary>
    DiskFull,

    /// <summary>The relay's disk failed.</summary>
    DiskFailed,

    /// <summary>More waits for the disk than may.</summary>
    Busy,

    /// <summary>The relay stops.</summary>
    Stopping,
}
