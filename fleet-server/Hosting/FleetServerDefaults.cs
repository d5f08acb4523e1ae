namespace Messaging.FleetServer.Hosting;

/// <summary>The values that options have when nobody sets them.</summary>
internal static class FleetServerDefaults
{
    public const string DataFolder = "/var/lib/fleet-server";
    public const string ListenAddress = "::";
    public const int HttpsPort = 8443;
    public const int MqttTlsPort = 8883;

    /// <summary>As many addresses as a notice has room for.</summary>
    public const int MaxPublicMqttUrls = 16;

    /// <summary>A demo's ports; where they are taken, free ones.</summary>
    public const int DemoPort = 8080;
    public const int DemoMqttPort = 1883;
    public const int PointsRetentionDays = 30;
    public const int LogsRetentionDays = 14;
    public const int CommandsRetentionDays = 90;
    public const int AuditRetentionDays = 365;
    public const int FilesRetentionDays = 30;
    public const int RecordingsRetentionDays = 365;
    public const int MaxRecordingsMiB = 20_480;
    public const int MaxFileMiB = 512;
    public const int MaxDeviceFilesMiB = 2048;
    public const int MaxFilesMiB = 20_480;

    public const int MaxArtifactMiB = 2048;
    public const int MaxArtifactsMiB = 20_480;
    public const int MaxDownloads = 16;
    public const int TimestampDays = 3;

    /// <summary>A timestamp that counts longer hides new releases for as long.</summary>
    public const int MaxTimestampDays = 30;

    /// <summary>The protocol has files up to 1 TiB.</summary>
    public const int LargestFileMiB = 1 << 20;

    /// <summary>The audit cannot be set to forget faster.</summary>
    public const int AuditRetentionMinDays = 30;
    public const int RetentionMaxDays = 3660;
}
