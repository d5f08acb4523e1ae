namespace Messaging.Agent.Spool;

/// <summary>Sequence numbers, both ends inclusive.</summary>
internal readonly record struct SeqRange(ulong From, ulong To);
