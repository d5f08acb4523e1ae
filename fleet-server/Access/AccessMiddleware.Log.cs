namespace Messaging.FleetServer.Access;

internal sealed partial class AccessMiddleware
{
    [LoggerMessage(1, LogLevel.Error, "{Method} {Endpoint} is not in the access table: refused")]
    private static partial void LogNotListed(ILogger logger, string method, string? endpoint);
}
