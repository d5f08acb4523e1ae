namespace Messaging.FleetServer.Api;

/// <summary>A list that is short enough to be given whole.</summary>
internal sealed record ItemList<T>(IReadOnlyList<T> Items);
