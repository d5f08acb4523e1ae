namespace Messaging.Updates.Metadata;

/// <summary>A signature of a metadata file.</summary>
/// <param name="KeyId">Of the key.</param>
/// <param name="Bytes">Empty for a text that is none: such a signature counts for nothing, and the others still do.</param>
internal sealed record TufSignature(string KeyId, byte[] Bytes);
