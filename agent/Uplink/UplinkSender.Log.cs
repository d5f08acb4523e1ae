using Messaging.Agent.Transport;
using Microsoft.Extensions.Logging;

namespace Messaging.Agent.Uplink;

internal sealed partial class UplinkSender
{
    private static partial class Log
    {
        [LoggerMessage(EventId = 3010, Level = LogLevel.Debug, Message = "No acknowledgement: {Count} records are sent again")]
        public static partial void Resending(ILogger logger, int count);

        [LoggerMessage(EventId = 3011, Level = LogLevel.Debug, Message = "The relay does not pass records on now: {Outcome}")]
        public static partial void ControlAway(ILogger logger, PublishOutcome outcome);
    }
}
