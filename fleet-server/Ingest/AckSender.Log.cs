using Messaging.Wire;

namespace Messaging.FleetServer.Ingest;

internal sealed partial class AckSender
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "An acknowledgement to {Device} could not be made")]
        public static partial void Failed(ILogger logger, PrincipalId device, Exception error);
    }
}
