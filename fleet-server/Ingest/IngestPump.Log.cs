namespace Messaging.FleetServer.Ingest;

internal sealed partial class IngestPump
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "{Count} publications could not be stored; their devices will send them again")]
        public static partial void Failed(ILogger logger, int count, Exception error);

        [LoggerMessage(2, LogLevel.Error, "Old epochs could not be removed; tried again in an hour")]
        public static partial void PruneFailed(ILogger logger, Exception error);
    }
}
