namespace Messaging.FleetServer.Devices;

internal sealed partial class DeviceHousekeeper
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "When devices were last seen could not be stored; tried again in a minute")]
        public static partial void SaveFailed(ILogger logger, Exception error);
    }
}
