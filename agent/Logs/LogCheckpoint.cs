namespace Messaging.Agent.Logs;

/// <summary>A position of a source, opaque to everybody else.</summary>
internal readonly record struct LogCheckpoint(string Key, ReadOnlyMemory<byte> Value);
