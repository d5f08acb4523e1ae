namespace Messaging.FleetServer.Relaying;

internal sealed partial class RelayInbox
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The relay sent something on {Topic} that is not understood")]
        public static partial void NotUnderstood(ILogger logger, string topic);
    }
}
