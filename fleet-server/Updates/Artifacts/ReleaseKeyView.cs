namespace Messaging.FleetServer.Updates.Artifacts;

/// <param name="Key">32 bytes in base64: what an assignment carries.</param>
internal sealed record ReleaseKeyView(byte[] Key);
