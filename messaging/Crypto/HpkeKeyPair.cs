using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Messaging.Wire;

namespace Messaging.Crypto;

/// <summary>An HPKE key with its private half: DHKEM(P-256, HKDF-SHA256), RFC 9180. Thread-safe. Dispose erases the private key.</summary>
public sealed class HpkeKeyPair : IDisposable
{
    private readonly ECDiffieHellman _key;
    private readonly Lock _gate = new();

    private HpkeKeyPair(ECDiffieHellman key, HpkePublicKey publicKey)
    {
        _key = key;
        Public = publicKey;
    }

    /// <summary>The public half.</summary>
    public HpkePublicKey Public { get; }

    /// <summary>The first 8 bytes of SHA-256 of the public point.</summary>
    public Kid Kid => Public.Kid;

    /// <summary>Makes a new key from the system's random number generator.</summary>
    public static HpkeKeyPair Generate() => Wrap(ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256));

    /// <summary>Reads a PKCS#8 PrivateKeyInfo (RFC 5208, DER, not encrypted) of a P-256 key; anything else is refused.</summary>
    public static bool TryImportPkcs8(ReadOnlySpan<byte> pkcs8, [NotNullWhen(true)] out HpkeKeyPair? key)
    {
        key = null;
        var ecdh = ECDiffieHellman.Create();
        try
        {
            ecdh.ImportPkcs8PrivateKey(pkcs8, out var read);
            key = read == pkcs8.Length && P256Scalar.IsP256(ecdh.ExportParameters(includePrivateParameters: false)) ? Wrap(ecdh) : null;
            return key is not null;
        }
        catch (Exception e) when (e is CryptographicException or NotSupportedException)
        {
            // Curves with parameters of their own are supported nowhere: see docs/decisions/0027.
            return false;
        }
        finally
        {
            if (key is null)
            {
                ecdh.Dispose();
            }
        }
    }

    /// <summary>The key as a PKCS#8 PrivateKeyInfo (DER, not encrypted). The caller erases it after use.</summary>
    public byte[] ExportPkcs8()
    {
        lock (_gate)
        {
            return _key.ExportPkcs8PrivateKey();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    internal static HpkeKeyPair FromScalar(ReadOnlySpan<byte> scalar) => Wrap(ECDiffieHellman.Create(P256Scalar.ToParameters(scalar)));

    /// <summary>The x coordinate of the shared point, 32 bytes. The caller erases it.</summary>
    internal byte[] Agree(HpkePublicKey peer)
    {
        using var other = ECDiffieHellman.Create(P256Point.ToParameters(peer.Point));
        using var otherPublic = other.PublicKey;
        lock (_gate)
        {
            return _key.DeriveRawSecretAgreement(otherPublic);
        }
    }

    private static HpkeKeyPair Wrap(ECDiffieHellman key)
    {
        var point = P256Scalar.Point(key.ExportParameters(includePrivateParameters: false));
        return HpkePublicKey.TryImport(point, out var publicKey)
            ? new HpkeKeyPair(key, publicKey)
            : throw new CryptographicException("The platform made a key that is not on P-256.");
    }
}
