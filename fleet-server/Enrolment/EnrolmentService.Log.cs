using Messaging.FleetServer.Devices;
using Messaging.Wire;

namespace Messaging.FleetServer.Enrolment;

internal sealed partial class EnrolmentService
{
    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Device {Device} enrolled: {Status}")]
        public static partial void Admitted(ILogger logger, PrincipalId device, DeviceStatus status);

        [LoggerMessage(2, LogLevel.Warning, "Device {Device} was refused: {Reason}")]
        public static partial void Refused(ILogger logger, PrincipalId device, string reason);
    }
}
