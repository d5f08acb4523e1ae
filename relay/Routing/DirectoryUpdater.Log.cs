using Messaging.Relay.Principals;
using Messaging.Wire;
using Microsoft.Extensions.Logging;

namespace Messaging.Relay.Routing;

internal sealed partial class DirectoryUpdater
{
    [LoggerMessage(1, LogLevel.Information, "The directory has {Count} principals, version {Version}")]
    private static partial void LogReplaced(ILogger logger, int count, ulong version);

    [LoggerMessage(2, LogLevel.Warning, "Control {Control} sent a directory update that cannot be read")]
    private static partial void LogUnreadable(ILogger logger, PrincipalId control);

    [LoggerMessage(3, LogLevel.Warning, "Directory update {Kind} of version {Version} was refused: {Outcome}")]
    private static partial void LogRefused(ILogger logger, DirectoryUpdateKind kind, ulong version, DirectoryOutcome outcome);

    [LoggerMessage(4, LogLevel.Information, "Device {Device} was cut off: the directory no longer lets it in with its key")]
    private static partial void LogCut(ILogger logger, PrincipalId device);
}
