using Microsoft.Extensions.Logging;

namespace Messaging.Agent.Transport;

internal sealed partial class ConnectionKeeper
{
    private static partial class Log
    {
        [LoggerMessage(EventId = 3020, Level = LogLevel.Information, Message = "Connected to {Endpoint} by {Transport}{Proxy}")]
        public static partial void Connected(ILogger logger, string endpoint, string transport, string proxy);

        [LoggerMessage(EventId = 3021, Level = LogLevel.Information, Message = "The connection to {Endpoint} ended: {Reason}")]
        public static partial void Lost(ILogger logger, string endpoint, string reason);

        [LoggerMessage(EventId = 3022, Level = LogLevel.Warning, Message = "{Reason}. Next attempt in {Seconds:F1} s: {Endpoint}")]
        public static partial void Waiting(ILogger logger, string reason, double seconds, string? endpoint);

        [LoggerMessage(EventId = 3023, Level = LogLevel.Information, Message = "{Endpoint} is no better yet: {Reason}")]
        public static partial void ProbeFailed(ILogger logger, string endpoint, string reason);

        [LoggerMessage(EventId = 3024, Level = LogLevel.Warning, Message = "The address that works could not be stored: {Reason}")]
        public static partial void NotStored(ILogger logger, string reason);
    }
}
