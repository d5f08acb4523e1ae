using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Messaging.Wire;

namespace Messaging.Crypto;

/// <summary>An ES256 identity key (P-256) with its private half. Thread-safe. Dispose erases the private key from native memory.</summary>
public sealed class IdentityKey : IDisposable
{
    private readonly ECDsa _key;
    private readonly Lock _gate = new();

    private IdentityKey(ECDsa key, IdentityPublicKey publicKey)
    {
        _key = key;
        Public = publicKey;
    }

    /// <summary>The public half.</summary>
    public IdentityPublicKey Public { get; }

    /// <summary>Makes a new key from the system's random number generator.</summary>
    public static IdentityKey Generate() => Wrap(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <summary>Reads a PKCS#8 PrivateKeyInfo (RFC 5208, DER, not encrypted) of a P-256 key; anything else is refused.</summary>
    public static bool TryImportPkcs8(ReadOnlySpan<byte> pkcs8, [NotNullWhen(true)] out IdentityKey? key)
    {
        key = null;
        var ecdsa = ECDsa.Create();
        try
        {
            ecdsa.ImportPkcs8PrivateKey(pkcs8, out var read);
            key = read == pkcs8.Length && P256Scalar.IsP256(ecdsa.ExportParameters(includePrivateParameters: false)) ? Wrap(ecdsa) : null;
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
                ecdsa.Dispose();
            }
        }
    }

    /// <summary>A key whose private half may be elsewhere, such as in a security token. It belongs to what is returned.</summary>
    /// <exception cref="CryptographicException">It is not on P-256.</exception>
    public static IdentityKey Of(ECDsa key) => P256Scalar.IsP256(key.ExportParameters(includePrivateParameters: false))
        ? Wrap(key)
        : throw new CryptographicException("The key is not on P-256.");

    /// <summary>The key as a PKCS#8 PrivateKeyInfo (DER, not encrypted). The caller erases it after use.</summary>
    public byte[] ExportPkcs8()
    {
        lock (_gate)
        {
            return _key.ExportPkcs8PrivateKey();
        }
    }

    /// <summary>Signs <paramref name="data"/> with ES256: r || s, 64 bytes. Two signatures over the same data differ.</summary>
    public byte[] Sign(ReadOnlySpan<byte> data)
    {
        Span<byte> hash = stackalloc byte[WireLimits.HashBytes];
        SHA256.HashData(data, hash);
        return SignHash(hash);
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    internal static IdentityKey FromScalar(ReadOnlySpan<byte> scalar) => Wrap(ECDsa.Create(P256Scalar.ToParameters(scalar)));

    internal byte[] SignHash(ReadOnlySpan<byte> hash)
    {
        lock (_gate)
        {
            return _key.SignHash(hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
    }

    private static IdentityKey Wrap(ECDsa key)
    {
        var point = P256Scalar.Point(key.ExportParameters(includePrivateParameters: false));
        return IdentityPublicKey.TryImport(point, out var publicKey)
            ? new IdentityKey(key, publicKey)
            : throw new CryptographicException("The platform made a key that is not on P-256.");
    }
}
