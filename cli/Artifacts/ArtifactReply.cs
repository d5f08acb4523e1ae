namespace Messaging.Cli.Artifacts;

/// <param name="Sha256">Its name.</param>
/// <param name="Size">Bytes that are there.</param>
/// <param name="Complete">Whether these are all.</param>
/// <param name="Target">What names it; null: nothing.</param>
internal sealed record ArtifactReply(string? Sha256, long Size, bool Complete, string? Target, bool Published);
