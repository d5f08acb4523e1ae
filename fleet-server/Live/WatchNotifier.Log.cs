using Messaging.Wire;

namespace Messaging.FleetServer.Live;

internal sealed partial class WatchNotifier
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "{Device} could not be told that somebody looks at it")]
        public static partial void Failed(ILogger logger, PrincipalId device, Exception error);
    }
}
