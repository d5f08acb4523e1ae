using Messaging.FleetServer.Hosting;

namespace Messaging.FleetServer.Updates;

/// <summary>How much of a repository this server keeps, sends and takes, and for how long it vouches for it.</summary>
internal sealed record RepositoryLimits
{
    private const long MiB = 1024 * 1024;

    /// <summary>Bytes of one artifact.</summary>
    public long MaxArtifactBytes { get; init; } = FleetServerDefaults.MaxArtifactMiB * MiB;

    /// <summary>Bytes of all artifacts, those that are being uploaded too.</summary>
    public long MaxTotalBytes { get; init; } = FleetServerDefaults.MaxArtifactsMiB * MiB;

    /// <summary>Bytes of the disk that artifacts leave to everything else.</summary>
    public long KeepFree { get; init; } = 512 * MiB;

    /// <summary>Uploads at a time.</summary>
    public int MaxUploads { get; init; } = 4;

    /// <summary>The slowest upload, after <see cref="UploadGrace"/>: who is slower holds one of a few places.</summary>
    public int UploadBytesPerSecond { get; init; } = 1024;

    /// <summary>How long an upload may be slower.</summary>
    public TimeSpan UploadGrace { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long what is there of an upload waits for the rest.</summary>
    public TimeSpan LongestUpload { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Downloads of artifacts at a time from one address: many devices may be behind it.</summary>
    public int MaxDownloadsPerAddress { get; init; } = FleetServerDefaults.MaxDownloads;

    /// <summary>How long a timestamp counts: as long a mirror, or who sits on the way, can hide something newer.</summary>
    public TimeSpan TimestampValidity { get; init; } = TimeSpan.FromDays(FleetServerDefaults.TimestampDays);

    /// <summary>How long a snapshot counts.</summary>
    public TimeSpan SnapshotValidity { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How long before the end of what people sign a warning is given.</summary>
    public TimeSpan WarnBefore { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Versions of snapshot and targets that are kept for who is between two files.</summary>
    public int KeptVersions { get; init; } = 16;

    public static RepositoryLimits Of(FleetServerOptions options) => new()
    {
        MaxArtifactBytes = options.MaxArtifactMiB * MiB,
        MaxTotalBytes = options.MaxArtifactsMiB * MiB,
        MaxDownloadsPerAddress = options.MaxDownloads,
        TimestampValidity = TimeSpan.FromDays(options.TimestampDays),
    };
}
