namespace Messaging.Agent.Logs;

internal interface ILogSink
{
    /// <summary>
    /// Completes when the lines and the checkpoint after them were appended to the spool in ONE entry, so that after a crash
    /// either both are there or neither is. Waits when the spool cannot keep up.
    /// </summary>
    ValueTask WriteAsync(LogChunk chunk, CancellationToken ct);
}
