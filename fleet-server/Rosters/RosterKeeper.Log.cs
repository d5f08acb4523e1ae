namespace Messaging.FleetServer.Rosters;

internal sealed partial class RosterKeeper
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "The server has a new HPKE key; roster version {Version}")]
        public static partial void Rotated(ILogger logger, ulong version);

        [LoggerMessage(2, LogLevel.Error, "The server's HPKE key could not be renewed; tried again in an hour")]
        public static partial void Failed(ILogger logger, Exception error);
    }
}
