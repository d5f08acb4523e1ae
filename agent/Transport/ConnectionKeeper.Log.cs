using Microsoft.Extensions.Logging;

namespace Messaging.Agent.Transport;

internal sealed partial class ConnectionKeeper
{
    private static partial class Log
    {
        [LoggerMessage(EventId = 3020, Level = LogLevel.Information, Message = "Connected to {Endpoint}")]
        public static partial void Connected(ILogger logger, string endpoint);

        [LoggerMessage(EventId = 3021, Level = LogLevel.Information, Message = "The connection to {Endpoint} ended: {Reason}")]
        public static partial void Lost(ILogger logger, string endpoint, string reason);

        [LoggerMessage(EventId = 3022, Level = LogLevel.Warning, Message = "{Reason}. Next attempt in {Seconds:F1} s")]
        public static partial void Waiting(ILogger logger, string reason, double seconds);
    }
}
