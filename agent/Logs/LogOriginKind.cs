namespace Messaging.Agent.Logs;

internal enum LogOriginKind
{
    File = 0,
    Journal = 1,
}
