namespace Messaging.Agent.Tests.Logs;

internal sealed class CrashException : Exception;
