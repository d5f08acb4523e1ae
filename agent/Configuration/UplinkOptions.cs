namespace Messaging.Agent.Configuration;

internal sealed class UplinkOptions
{
    /// <summary>How long samples are gathered into one record.</summary>
    public TimeSpan MetricsFlush { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>The same while somebody looks at the device's measurements, where it is shorter.</summary>
    public TimeSpan MetricsFlushWatched { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long log lines are gathered into one record.</summary>
    public TimeSpan LogsFlush { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Upper bound of a record's content before compression.</summary>
    public long RecordBytes { get; set; } = 128 * 1024;

    /// <summary>A new session key at least this often.</summary>
    public TimeSpan EpochLifetime { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Without an acknowledgement for this long, unacknowledged records are sent again.</summary>
    public TimeSpan ResendAfter { get; set; } = TimeSpan.FromSeconds(10);

    public TimeSpan ResendMaximum { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Bytes a second of what was collected while there was no connection, so that the newest comes at once; 0 is no limit.</summary>
    public long HistoryRate { get; set; } = 256 * 1024;

    /// <summary>Bytes of a day, both ways, over the relay's connections; 0 is no limit.</summary>
    public long DailyBytes { get; set; }

    /// <summary>How long samples and log lines are gathered on a link that is metered, if that is longer.</summary>
    public TimeSpan MeteredFlush { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Instead of <see cref="HistoryRate"/> on a link that is metered; 0: history waits for one that is not.</summary>
    public long MeteredHistoryRate { get; set; } = 4 * 1024;

    /// <summary>The device's encryption key is replaced this often.</summary>
    public TimeSpan KeyRotation { get; set; } = TimeSpan.FromDays(7);

    /// <summary>To be changed and then put in the place of this one, whole: others read it meanwhile.</summary>
    public UplinkOptions Copy() => (UplinkOptions)MemberwiseClone();
}
