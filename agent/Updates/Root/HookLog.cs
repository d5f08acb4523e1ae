using Microsoft.Extensions.Logging;

namespace Messaging.Agent.Updates.Root;

internal static partial class HookLog
{
    [LoggerMessage(EventId = 3246, Level = LogLevel.Information, Message = "{Line}")]
    public static partial void Said(ILogger logger, string line);
}
