namespace Messaging.Agent.Systemd;

/// <summary>There is no systemd to talk to; the message says what is missing.</summary>
internal sealed class SystemdUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
