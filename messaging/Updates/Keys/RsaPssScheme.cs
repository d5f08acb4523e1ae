using System.Security.Cryptography;

namespace Messaging.Updates.Keys;

/// <summary><c>rsassa-pss-sha256</c> of TUF 4.2.2: public keys in PEM, from 2048 to 4096 bits; the salt is as long as the hash.</summary>
public sealed class RsaPssScheme : ITufScheme
{
    private const int MinBits = 2048;
    private const int MaxBits = 4096;

    /// <inheritdoc/>
    public bool CanVerify(string keyType, string scheme) => keyType is "rsa" && scheme is "rsassa-pss-sha256";

    /// <inheritdoc/>
    public byte[]? Import(string publicKey)
    {
        if (PublicKeyPem.Decode(publicKey) is not { } info)
        {
            return null;
        }

        using var rsa = RSA.Create();
        try
        {
            rsa.ImportSubjectPublicKeyInfo(info, out _);
            return rsa.KeySize is >= MinBits and <= MaxBits ? rsa.ExportSubjectPublicKeyInfo() : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public bool Verify(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        using var rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(key, out _);
        return rsa.VerifyData(data, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pss);
    }
}
