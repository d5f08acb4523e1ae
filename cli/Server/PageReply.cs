namespace Messaging.Cli.Server;

/// <summary>A part of a list.</summary>
/// <param name="Next">What to ask the next part with; null at the end.</param>
internal sealed record PageReply<T>(IReadOnlyList<T>? Items, string? Next);
