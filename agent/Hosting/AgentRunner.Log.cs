using Messaging.Wire;
using Microsoft.Extensions.Logging;

namespace Messaging.Agent.Hosting;

internal sealed partial class AgentRunner
{
    private static partial class Log
    {
        [LoggerMessage(EventId = 3050, Level = LogLevel.Information, Message = "messaging-agent {Version} of device {Device} started; the run before ended: {Previous}")]
        public static partial void Started(ILogger logger, string version, PrincipalId device, string previous);

        [LoggerMessage(EventId = 3051, Level = LogLevel.Error, Message = "Nothing can be stored in {Folder} now; the agent goes on trying")]
        public static partial void NoEpoch(ILogger logger, string folder);

        [LoggerMessage(EventId = 3052, Level = LogLevel.Critical, Message = "A part of the agent failed")]
        public static partial void PartFailed(ILogger logger, Exception exception);

        [LoggerMessage(EventId = 3053, Level = LogLevel.Warning, Message = "The mark of a running agent could not be changed: {Reason}")]
        public static partial void MarkFailed(ILogger logger, string reason);
    }
}
