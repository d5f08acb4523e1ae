using Microsoft.Extensions.Logging;

namespace Messaging.Agent.Uplink;

internal sealed partial class UplinkWriter
{
    private static partial class Log
    {
        [LoggerMessage(EventId = 3000, Level = LogLevel.Information, Message = "Opened epoch {Number}")]
        public static partial void EpochOpened(ILogger logger, ulong number);

        [LoggerMessage(EventId = 3001, Level = LogLevel.Error, Message = "No new epoch: its number cannot be stored: {Reason}")]
        public static partial void EpochRefused(ILogger logger, string reason);
    }
}
