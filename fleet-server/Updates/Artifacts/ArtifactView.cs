namespace Messaging.FleetServer.Updates.Artifacts;

/// <summary>An artifact that is here.</summary>
/// <param name="Sha256">Its name.</param>
/// <param name="Size">Bytes that are here.</param>
/// <param name="Complete">Whether these are all; else an upload may go on at <paramref name="Size"/>.</param>
/// <param name="Target">Its path in the published targets, else in the draft; null: nothing names it.</param>
/// <param name="Published">Whether devices are shown it.</param>
internal sealed record ArtifactView(string Sha256, long Size, bool Complete, string? Target, bool Published);
