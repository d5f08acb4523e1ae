namespace Messaging.Agent.Status;

/// <param name="Name">A path, or <c>journal</c>.</param>
/// <param name="State"><c>following</c>, <c>missing</c>, <c>failing</c>, <c>unavailable</c> or <c>off</c>.</param>
/// <param name="Lines">Handed over since the agent started.</param>
/// <param name="BehindBytes">Not yet read, when known.</param>
/// <param name="LastLineAt">When the last line was handed over.</param>
/// <param name="Problem">Why it does not work.</param>
internal sealed record LogSourceStatus(string Name, string State, long Lines, long? BehindBytes, DateTimeOffset? LastLineAt, string? Problem);
