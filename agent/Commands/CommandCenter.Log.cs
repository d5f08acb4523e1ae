using Messaging.Commands;
using Messaging.Wire;
using Microsoft.Extensions.Logging;

namespace Messaging.Agent.Commands;

internal sealed partial class CommandCenter
{
    private static partial class Log
    {
        [LoggerMessage(EventId = 3030, Level = LogLevel.Information, Message = "Command {Id} ({Type}) accepted")]
        public static partial void Accepted(ILogger logger, CommandId id, string type);

        [LoggerMessage(EventId = 3031, Level = LogLevel.Warning, Message = "Command {Id} refused: {Reason}")]
        public static partial void Refused(ILogger logger, CommandId id, string reason);

        [LoggerMessage(EventId = 3032, Level = LogLevel.Error, Message = "Command {Id}: the journal cannot be written: {Reason}")]
        public static partial void JournalRefused(ILogger logger, CommandId id, string reason);

        [LoggerMessage(EventId = 3033, Level = LogLevel.Information, Message = "Command {Id} ended: {State}")]
        public static partial void Ended(ILogger logger, CommandId id, CommandState state);

        [LoggerMessage(EventId = 3034, Level = LogLevel.Debug, Message = "Command {Id} failed")]
        public static partial void Failed(ILogger logger, Exception exception, CommandId id);
    }
}
