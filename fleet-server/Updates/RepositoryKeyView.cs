namespace Messaging.FleetServer.Updates;

/// <summary>A key as the repository names it.</summary>
/// <param name="KeyId">64 hexadecimal digits: SHA-256 of the key as metadata has it.</param>
/// <param name="Fingerprint">64 hexadecimal digits: SHA-256 of the point, as everywhere else.</param>
/// <param name="Public">The point, 65 bytes in base64.</param>
internal sealed record RepositoryKeyView(string KeyId, string Fingerprint, byte[] Public);
