namespace Messaging.Relay.Channels.Http;

/// <summary>The body of a refusal (RFC 9457). Its type is "about:blank" and left out; the code takes its place.</summary>
internal sealed record ProblemDocument(string Title, int Status, string Detail, string Code);
