namespace Messaging.FleetServer.Api;

/// <summary>A part of a list of which the length is known.</summary>
/// <param name="Total">How many there are in all parts.</param>
internal sealed record CountedPage<T>(IReadOnlyList<T> Items, string? Next, int Total);
