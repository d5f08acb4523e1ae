namespace Messaging.Agent.Logs;

/// <summary>Lines of one source and the position after them.</summary>
/// <param name="CheckpointKey">Which checkpoint <paramref name="CheckpointAfter"/> replaces.</param>
/// <param name="Lines">May be empty: then only the checkpoint moves.</param>
/// <param name="CheckpointAfter">Empty: the checkpoint is no longer needed and is removed.</param>
internal sealed record LogChunk(string CheckpointKey, IReadOnlyList<LogLine> Lines, ReadOnlyMemory<byte> CheckpointAfter);
