namespace Messaging.FleetServer.Ingest;

internal static class TelemetryText
{
    /// <summary>A text with NUL would end early for whoever reads the database with another tool.</summary>
    public static string Of(string text) => text.Replace('\0', '\uFFFD');
}
