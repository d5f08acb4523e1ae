namespace Messaging.FleetServer.Relaying;

internal sealed partial class RelayLink
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Connected to the relay at {Address}; it has the directory")]
        public static partial void Ready(ILogger logger, string address);

        [LoggerMessage(2, LogLevel.Warning, "No relay at {Address}: {Reason}")]
        public static partial void Lost(ILogger logger, string address, string reason);

        [LoggerMessage(3, LogLevel.Debug, "A publication did not reach the relay: {Reason}")]
        public static partial void PublishFailed(ILogger logger, string reason);

        [LoggerMessage(4, LogLevel.Debug, "The connection ended before a message was acknowledged: {Reason}")]
        public static partial void AcknowledgeFailed(ILogger logger, string reason);

        [LoggerMessage(5, LogLevel.Information, "The server stops; the connection to the relay at {Address} ended: {Reason}")]
        public static partial void Ended(ILogger logger, string address, string reason);
    }
}
