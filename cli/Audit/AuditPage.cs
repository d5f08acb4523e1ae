namespace Messaging.Cli.Audit;

/// <summary>A part of a list of the server.</summary>
/// <param name="Next">What to ask the next part with; null at the end.</param>
internal sealed record AuditPage<T>(IReadOnlyList<T>? Items, string? Next);
