namespace Messaging.FleetServer.Ingest;

internal sealed partial class AnswerSender
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "An answer to a device could not be made")]
        public static partial void Failed(ILogger logger, Exception error);
    }
}
