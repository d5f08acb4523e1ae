namespace Messaging.Agent.Status;

/// <param name="Home">A base address.</param>
/// <param name="AskedAt">When.</param>
/// <param name="Outcome">What came of it, for people.</param>
internal sealed record HomeStatus(string Home, DateTimeOffset AskedAt, string Outcome);
