namespace Messaging.Cli.Server;

/// <summary>An error as the server answers it (RFC 9457).</summary>
/// <param name="Detail">What is wrong and what to do, for people.</param>
/// <param name="Code">For programs.</param>
internal sealed record ProblemReply(string? Detail, string? Code);
