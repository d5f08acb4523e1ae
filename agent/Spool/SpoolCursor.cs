namespace Messaging.Agent.Spool;

/// <summary>Where reading goes on; the default value is the oldest record.</summary>
internal readonly record struct SpoolCursor(long Segment, long Offset, int Generation);
