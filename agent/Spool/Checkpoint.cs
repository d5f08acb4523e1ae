namespace Messaging.Agent.Spool;

/// <summary>Where a source has been read to. An empty value forgets the source.</summary>
internal readonly record struct Checkpoint(string Key, ReadOnlyMemory<byte> Value);
