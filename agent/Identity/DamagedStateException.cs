namespace Messaging.Agent.Identity;

/// <summary>A state file that the agent cannot do without is not what was written; the message says what to do.</summary>
internal sealed class DamagedStateException(string message) : Exception(message);
