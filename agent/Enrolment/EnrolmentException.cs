namespace Messaging.Agent.Enrolment;

/// <summary>Enrolment cannot go on; the message says what is wrong and what to do.</summary>
internal sealed class EnrolmentException(string message, Exception? inner = null) : Exception(message, inner);
