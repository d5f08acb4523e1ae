namespace Messaging.FleetServer.Updates;

/// <summary>How much room artifacts take.</summary>
/// <param name="Count">How many there are, whole or in part.</param>
/// <param name="Bytes">What they take.</param>
/// <param name="MaxBytes">What they may take.</param>
/// <param name="MaxArtifactBytes">What one may take.</param>
/// <param name="UnusedBytes">What those take that nothing names.</param>
internal sealed record ArtifactsView(int Count, long Bytes, long MaxBytes, long MaxArtifactBytes, long UnusedBytes);
