using System.Security.Cryptography;
using Messaging.Crypto;

namespace Messaging.Sessions;

/// <summary>
/// The keys of a session: HKDF-Extract over the shared point of both sides' ephemeral keys, expanded with what the device signed, which names
/// the command, its arguments with the client's key, and the device's key. Dispose erases them.
/// </summary>
public sealed class SessionKeys : IDisposable
{
    private const int DirectionBytes = SessionCipher.KeyBytes + SessionCipher.NonceBytes;

    private SessionKeys(ReadOnlySpan<byte> keys)
    {
        Up = new SessionCipher(keys[..DirectionBytes]);
        Down = new SessionCipher(keys[DirectionBytes..]);
    }

    /// <summary>From the device to the client.</summary>
    internal SessionCipher Up { get; }

    /// <summary>From the client to the device.</summary>
    internal SessionCipher Down { get; }

    /// <summary>Derives the keys.</summary>
    /// <param name="own">The own ephemeral key.</param>
    /// <param name="peer">The other side's.</param>
    /// <param name="accept">The payload that the device signed.</param>
    public static SessionKeys Derive(HpkeKeyPair own, HpkePublicKey peer, ReadOnlySpan<byte> accept)
    {
        ArgumentNullException.ThrowIfNull(own);
        ArgumentNullException.ThrowIfNull(peer);
        var keys = Expand(own, peer, accept);
        var derived = new SessionKeys(keys);
        CryptographicOperations.ZeroMemory(keys);
        return derived;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Up.Dispose();
        Down.Dispose();
    }

    /// <summary>Up key and base nonce, then down: 88 bytes. The caller erases them.</summary>
    internal static byte[] Expand(HpkeKeyPair own, HpkePublicKey peer, ReadOnlySpan<byte> accept)
    {
        var label = "messaging/1/session"u8;
        Span<byte> info = stackalloc byte[label.Length + SHA256.HashSizeInBytes];
        label.CopyTo(info);
        SHA256.HashData(accept, info[label.Length..]);
        var shared = own.Agree(peer);
        Span<byte> prk = stackalloc byte[SHA256.HashSizeInBytes];
        HKDF.Extract(HashAlgorithmName.SHA256, shared, default, prk);
        CryptographicOperations.ZeroMemory(shared);
        var keys = new byte[2 * DirectionBytes];
        HKDF.Expand(HashAlgorithmName.SHA256, prk, keys, info);
        CryptographicOperations.ZeroMemory(prk);
        return keys;
    }
}
