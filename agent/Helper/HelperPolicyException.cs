namespace Messaging.Agent.Helper;

/// <summary>What the helper may do cannot be told, and so it does nothing; the message says what is wrong, for people.</summary>
internal sealed class HelperPolicyException(string message) : Exception(message);
