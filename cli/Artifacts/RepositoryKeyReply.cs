namespace Messaging.Cli.Artifacts;

/// <param name="KeyId">As metadata names it.</param>
/// <param name="Fingerprint">SHA-256 of the point.</param>
/// <param name="Public">The point, 65 bytes.</param>
internal sealed record RepositoryKeyReply(string? KeyId, string? Fingerprint, byte[]? Public);
