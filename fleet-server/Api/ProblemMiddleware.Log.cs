namespace Messaging.FleetServer.Api;

internal sealed partial class ProblemMiddleware
{
    [LoggerMessage(1, LogLevel.Error, "{Method} {Path} failed")]
    private static partial void LogFailed(ILogger logger, Exception exception, string method, PathString path);
}
