using Messaging.Wire;

namespace Messaging.FleetServer.Commands;

internal sealed partial class CommandDispatcher
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "The commands of device {Device} could not be handled; tried again in a moment")]
        public static partial void Failed(ILogger logger, PrincipalId device, Exception error);
    }
}
