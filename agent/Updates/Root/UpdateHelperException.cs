namespace Messaging.Agent.Updates.Root;

/// <summary>The helper does not answer. What was asked for may have been done: it can be asked for again.</summary>
internal sealed class UpdateHelperException(string message) : Exception(message);
