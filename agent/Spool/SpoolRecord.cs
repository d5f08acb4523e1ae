namespace Messaging.Agent.Spool;

/// <summary>What identifies a sealed record.</summary>
internal readonly record struct SpoolRecord(StreamKey Key, ulong Seq);
