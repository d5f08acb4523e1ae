namespace Messaging.Cli.Artifacts;

/// <param name="Key">32 bytes.</param>
internal sealed record ReleaseKeyBody(byte[] Key);
