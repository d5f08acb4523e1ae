using Messaging.Wire;

namespace Messaging.Updates.Keys;

/// <summary>
/// <c>ecdsa-sha2-nistp256</c> of TUF 4.2.2, with both names that its type of key has: public keys in PEM, named curve and uncompressed
/// point, signatures in DER.
/// </summary>
public sealed class P256Scheme : ITufScheme
{
    private const string Scheme = "ecdsa-sha2-nistp256";

    /// <summary>SubjectPublicKeyInfo { id-ecPublicKey, secp256r1 }, up to the point (RFC 5480, section 2).</summary>
    internal static ReadOnlySpan<byte> Prefix =>
    [
        0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
    ];

    /// <inheritdoc/>
    public bool CanVerify(string keyType, string scheme) => keyType is "ecdsa" or Scheme && scheme is Scheme;

    /// <inheritdoc/>
    public byte[]? Import(string publicKey)
    {
        var info = PublicKeyPem.Decode(publicKey);
        return info is not null && info.AsSpan().StartsWith(Prefix) && IdentityPublicKey.TryImport(info.AsSpan(Prefix.Length), out _)
            ? info[Prefix.Length..]
            : null;
    }

    /// <inheritdoc/>
    public bool Verify(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        Span<byte> plain = stackalloc byte[WireLimits.SignatureBytes];
        return EcdsaDer.TryToFixed(signature, plain) && IdentityPublicKey.TryImport(key, out var one) && one.Verify(data, plain);
    }
}
