namespace Messaging.Agent.Updates.Fetching;

/// <summary>A repository, or a neighbour, has no room now (503).</summary>
internal sealed class BusyException(string message) : IOException(message);
