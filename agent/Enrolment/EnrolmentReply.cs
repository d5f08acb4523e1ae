namespace Messaging.Agent.Enrolment;

/// <summary>The server's answer, or why there is none yet.</summary>
/// <param name="Response">The sealed response; empty when there is none yet.</param>
/// <param name="Trouble">What the server said instead, for people.</param>
/// <param name="RetryAfter">How long the server wants to be left alone; zero: it does not say.</param>
internal readonly record struct EnrolmentReply(byte[] Response, string Trouble, TimeSpan RetryAfter);
