namespace Messaging.Relay.Channels;

/// <summary>The limits of channels.</summary>
internal sealed record ChannelOptions
{
    /// <summary>The file that holds them.</summary>
    public required string Path { get; init; }

    public int MaxChannels { get; init; } = 100_000;

    /// <summary>Bytes of one record.</summary>
    public int MaxRecordBytes { get; init; } = 256 * 1024;

    /// <summary>Bytes of what a channel says of itself.</summary>
    public int MaxDescriptorBytes { get; init; } = 4096;

    /// <summary>Bytes of records that a channel keeps; the oldest make room.</summary>
    public long MaxChannelBytes { get; init; } = 64L * 1024 * 1024;

    /// <summary>Bytes of records that all channels keep together; beyond it nothing is taken.</summary>
    public long MaxBytes { get; init; } = 4L * 1024 * 1024 * 1024;

    /// <summary>How long a record is kept.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How long a channel is kept that nobody has used.</summary>
    public TimeSpan MaxIdle { get; init; } = TimeSpan.FromDays(90);

    /// <summary>Members of one channel that are here at a time.</summary>
    public int MaxMembers { get; init; } = 1000;

    /// <summary>Bytes of the newest records of all channels that are kept in memory, for those who follow.</summary>
    public long MaxTailBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>Records of one answer.</summary>
    public int MaxPageRecords { get; init; } = 1000;

    /// <summary>Bytes of records of one answer; the first is given however large it is.</summary>
    public int MaxPageBytes { get; init; } = 1024 * 1024;

    /// <summary>The longest that an answer waits for a record.</summary>
    public TimeSpan MaxWait { get; init; } = TimeSpan.FromSeconds(35);

    /// <summary>Channels that one address may make in a minute, after a burst of as many.</summary>
    public int CreatesPerMinute { get; init; } = 60;
}
