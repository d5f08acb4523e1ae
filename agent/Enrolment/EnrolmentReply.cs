namespace Messaging.Agent.Enrolment;

/// <summary>The server's answer, or how long to wait before asking again.</summary>
/// <param name="Response">The sealed response; empty when there is none yet.</param>
/// <param name="RetryAfter">Ask again after this.</param>
internal readonly record struct EnrolmentReply(byte[] Response, TimeSpan RetryAfter);
