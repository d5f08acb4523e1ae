namespace Messaging.Agent.Spool;

/// <summary>Records <c>From..To</c> (inclusive) of a stream that will never arrive.</summary>
internal sealed record SpoolGap(StreamKey Key, SeqRange Range, GapReason Reason);
