namespace Messaging.Cli.Artifacts;

/// <param name="Bytes">What all artifacts take.</param>
/// <param name="MaxBytes">What they may take.</param>
/// <param name="UnusedBytes">What those take that nothing names.</param>
internal sealed record ArtifactsReply(int Count, long Bytes, long MaxBytes, long MaxArtifactBytes, long UnusedBytes);
