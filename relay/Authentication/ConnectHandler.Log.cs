using System.Net;
using Messaging.Wire;
using Microsoft.Extensions.Logging;
using MQTTnet.Protocol;

namespace Messaging.Relay.Authentication;

internal sealed partial class ConnectHandler
{
    [LoggerMessage(1, LogLevel.Debug, "{Principal} is connected by {Transport}, connection {Number}")]
    private static partial void LogAccepted(ILogger logger, PrincipalId principal, string transport, ulong number);

    [LoggerMessage(3, LogLevel.Information, "Control {Principal} is connected by {Transport} from {Remote}")]
    private static partial void LogControl(ILogger logger, PrincipalId principal, string transport, EndPoint? remote);

    // Debug, because strangers decide how often it happens; the counters tell operators.
    [LoggerMessage(2, LogLevel.Debug, "A connection from {Remote} was refused: {Reason}")]
    private static partial void LogRefused(ILogger logger, EndPoint? remote, MqttConnectReasonCode reason);
}
