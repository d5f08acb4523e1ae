namespace Messaging.FleetServer.Trust;

internal sealed partial class ServerKeyKeeper
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "The server has a new HPKE key; notice {Number}")]
        public static partial void Rotated(ILogger logger, ulong number);

        [LoggerMessage(2, LogLevel.Error, "The server's HPKE key could not be renewed; tried again in an hour")]
        public static partial void Failed(ILogger logger, Exception error);
    }
}
