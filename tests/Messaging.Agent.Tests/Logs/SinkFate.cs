namespace Messaging.Agent.Tests.Logs;

internal enum SinkFate
{
    Write,

    /// <summary>The process dies before the entry is on disk.</summary>
    CrashBefore,

    /// <summary>The process dies after it, before the source learns of it.</summary>
    CrashAfter,
}
