namespace Messaging.FleetServer.Api;

/// <summary>A part of a list.</summary>
/// <param name="Next">What to ask the next part with; null at the end.</param>
internal sealed record ItemPage<T>(IReadOnlyList<T> Items, string? Next);
