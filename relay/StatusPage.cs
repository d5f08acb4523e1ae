namespace Messaging.Relay;

/// <summary>A part of a list that moves while one looks.</summary>
/// <param name="Items">The part.</param>
/// <param name="Total">How many there are at this moment.</param>
public sealed record StatusPage<T>(IReadOnlyList<T> Items, int Total);
