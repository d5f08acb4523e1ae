namespace Messaging.FleetServer.Hosting;

/// <summary>The values that options have when nobody sets them.</summary>
internal static class FleetServerDefaults
{
    public const string DataFolder = "/var/lib/fleet-server";
    public const string ListenAddress = "::";
    public const int HttpsPort = 8443;
    public const int MqttTlsPort = 8883;
    public const int PointsRetentionDays = 30;
    public const int LogsRetentionDays = 14;
    public const int AuditRetentionDays = 365;
}
