namespace Messaging.Agent.Logs;

/// <summary>A position of a source, opaque to everybody else.</summary>
internal sealed record LogCheckpoint(string Key, ReadOnlyMemory<byte> Value);
