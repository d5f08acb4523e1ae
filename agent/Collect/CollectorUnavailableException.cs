namespace Messaging.Agent.Collect;

/// <summary>This machine has nothing for the collector to measure; the message says why, for an operator.</summary>
internal sealed class CollectorUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
