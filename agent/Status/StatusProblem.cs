namespace Messaging.Agent.Status;

/// <param name="Area">Such as <c>connection</c>.</param>
/// <param name="What">What is wrong, one sentence.</param>
/// <param name="Do">What a person can do about it, one sentence.</param>
/// <param name="Since">Since when, if known.</param>
internal sealed record StatusProblem(string Area, string What, string? Do, DateTimeOffset? Since);
