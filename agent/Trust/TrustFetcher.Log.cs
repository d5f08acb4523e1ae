using Microsoft.Extensions.Logging;

namespace Messaging.Agent.Trust;

internal sealed partial class TrustFetcher
{
    private static partial class Log
    {
        [LoggerMessage(EventId = 3110, Level = LogLevel.Information, Message = "{Home} had what is newer: {What}")]
        public static partial void Taken(ILogger logger, string home, string what);

        [LoggerMessage(EventId = 3111, Level = LogLevel.Warning, Message = "{Home} brings what the fleet has not signed: {Reason}")]
        public static partial void Forged(ILogger logger, string home, string reason);

        [LoggerMessage(EventId = 3112, Level = LogLevel.Information, Message = "Asked for newer trust, {Home} {Reason}")]
        public static partial void NotReached(ILogger logger, string home, string reason);
    }
}
