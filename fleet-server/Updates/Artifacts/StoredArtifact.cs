namespace Messaging.FleetServer.Updates.Artifacts;

/// <param name="Sha256">Its name.</param>
/// <param name="Length">Bytes that are there.</param>
/// <param name="IsWhole">Whether these are all.</param>
/// <param name="WrittenAt">When it was last written to, UTC.</param>
internal sealed record StoredArtifact(string Sha256, long Length, bool IsWhole, DateTime WrittenAt);
