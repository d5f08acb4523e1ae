using System.Security.Cryptography;
using Messaging.Wire;

namespace Messaging.Relay.Channels;

/// <summary>What a channel was made with, and never changes.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Kind">Which agents it is for.</param>
/// <param name="AccessHash">SHA-256 of the secret that opens it (32 bytes): who steals the file opens nothing.</param>
/// <param name="Descriptor">What joining needs to know, for everybody to read: salt and parameters of a password, say. Opaque.</param>
/// <param name="CreatedMs">When it was made, in Unix milliseconds.</param>
internal sealed record ChannelDescription(ChannelId Id, ChannelKind Kind, byte[] AccessHash, byte[] Descriptor, long CreatedMs)
{
    /// <summary>Whether a secret opens the channel.</summary>
    public bool IsOpenedBy(ReadOnlySpan<byte> secret)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(secret, hash);
        return CryptographicOperations.FixedTimeEquals(hash, AccessHash);
    }
}
