namespace Messaging.FleetServer.Telemetry.Retention;

internal sealed partial class RetentionService
{
    [LoggerMessage(1, LogLevel.Information, "Deleted {Rows} rows that are older than they are kept")]
    private static partial void LogDeleted(ILogger logger, long rows);

    [LoggerMessage(2, LogLevel.Warning, "Old rows could not be deleted; trying again later")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
