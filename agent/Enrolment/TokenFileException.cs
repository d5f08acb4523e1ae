namespace Messaging.Agent.Enrolment;

/// <summary>There is no token to be had from a file; the message says why.</summary>
internal sealed class TokenFileException(string message) : Exception(message);
