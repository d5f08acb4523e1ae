namespace Messaging.Agent.Status;

/// <summary>The update that is under way, or was the last one.</summary>
/// <param name="State">A word of <see cref="Messaging.Updates.Releases.UpdateStates"/>.</param>
/// <param name="Target">The path of the release in the repository.</param>
/// <param name="Detail">What it waits for, or what has happened, for people; empty when there is nothing to say.</param>
/// <param name="FromNeighbours">Bytes that devices on the local network have brought.</param>
/// <param name="FromMirrors">Bytes from mirrors.</param>
/// <param name="FromHomes">Bytes from the fleet's servers.</param>
internal sealed record UpdateProgress(string State, string Target, string Detail, long FromNeighbours, long FromMirrors, long FromHomes);
