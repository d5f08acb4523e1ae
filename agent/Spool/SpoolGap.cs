namespace Messaging.Agent.Spool;

/// <summary>Records <c>From..To</c> (inclusive) of a stream that will never arrive.</summary>
internal readonly record struct SpoolGap(StreamKey Key, SeqRange Range, GapReason Reason);
