namespace Messaging.Updates.Metadata;

/// <summary>A signature of a metadata file.</summary>
/// <param name="keyId">Of the key.</param>
/// <param name="bytes">Empty for a text that is none: such a signature counts for nothing, and the others still do.</param>
internal sealed class TufSignature(string keyId, byte[] bytes)
{
    public string KeyId { get; } = keyId;

    public byte[] Bytes { get; } = bytes;
}
