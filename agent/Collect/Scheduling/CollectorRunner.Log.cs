using Microsoft.Extensions.Logging;

namespace Messaging.Agent.Collect.Scheduling;

internal sealed partial class CollectorRunner
{
    [LoggerMessage(EventId = 2001, Level = LogLevel.Debug, Message = "Collector {Collector} failed")]
    private partial void LogFailed(Exception exception, string collector);

    [LoggerMessage(EventId = 2002, Level = LogLevel.Information, Message = "Collector {Collector} works again")]
    private partial void LogRecovered(string collector);

    [LoggerMessage(EventId = 2003, Level = LogLevel.Warning, Message = "Collector {Collector} has not come back within {Seconds} s")]
    private partial void LogHanging(string collector, double seconds);

    [LoggerMessage(EventId = 2004, Level = LogLevel.Information, Message = "Collector {Collector} is not available: {Reason}")]
    private partial void LogUnavailable(string collector, string reason);

    [LoggerMessage(EventId = 2005, Level = LogLevel.Debug, Message = "Collector {Collector} came back after its deadline and failed")]
    private partial void LogCameBack(Exception exception, string collector);
}
