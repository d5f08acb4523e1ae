using Messaging.FleetServer.Hosting;

namespace Messaging.FleetServer.Files;

/// <summary>How much of devices' files this server keeps.</summary>
internal sealed record FileLimits
{
    private const long MiB = 1024 * 1024;

    /// <summary>Bytes of one file.</summary>
    public long MaxFileBytes { get; init; } = FleetServerDefaults.MaxFileMiB * MiB;

    /// <summary>Bytes of one device's files; the oldest make room for new ones.</summary>
    public long MaxDeviceBytes { get; init; } = FleetServerDefaults.MaxDeviceFilesMiB * MiB;

    /// <summary>Bytes of all files; beyond it devices wait.</summary>
    public long MaxTotalBytes { get; init; } = FleetServerDefaults.MaxFilesMiB * MiB;

    /// <summary>Bytes of one device's recordings; beyond it the device waits. None makes room for another.</summary>
    public long MaxDeviceRecordingBytes { get; init; } = FleetServerDefaults.MaxDeviceFilesMiB * MiB;

    /// <summary>Bytes of all recordings; beyond it devices wait.</summary>
    public long MaxRecordingBytes { get; init; } = FleetServerDefaults.MaxRecordingsMiB * MiB;

    /// <summary>How long a recording is kept.</summary>
    public TimeSpan RecordingRetention { get; init; } = TimeSpan.FromDays(FleetServerDefaults.RecordingsRetentionDays);

    /// <summary>Bytes of the disk that files leave to everything else; beyond it devices wait.</summary>
    public long KeepFree { get; init; } = 512 * MiB;

    /// <summary>Entries of one device, whatever became of them.</summary>
    public int MaxDeviceFiles { get; init; } = 10_000;

    /// <summary>Files of one device that are being received.</summary>
    public int MaxReceiving { get; init; } = 64;

    /// <summary>How long a complete file is kept.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(FleetServerDefaults.FilesRetentionDays);

    /// <summary>How long a file may wait for its next chunk, and how long it is known that one was deleted.</summary>
    public TimeSpan LongestOffline { get; init; } = Trust.ServerKeyKeeper.LongestOffline;

    public static FileLimits Of(FleetServerOptions options) => new()
    {
        MaxFileBytes = options.MaxFileMiB * MiB,
        MaxDeviceBytes = options.MaxDeviceFilesMiB * MiB,
        MaxTotalBytes = options.MaxFilesMiB * MiB,
        MaxDeviceRecordingBytes = Math.Max(options.MaxDeviceFilesMiB, options.MaxRecordingsMiB / 4) * MiB,
        MaxRecordingBytes = options.MaxRecordingsMiB * MiB,
        Retention = TimeSpan.FromDays(options.FilesRetentionDays),
        RecordingRetention = TimeSpan.FromDays(options.RecordingsRetentionDays),
    };
}
