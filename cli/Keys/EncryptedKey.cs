using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Messaging.Crypto;

namespace Messaging.Cli.Keys;

/// <summary>A key that needs its passphrase.</summary>
/// <param name="File">Where it is from.</param>
/// <param name="Der">An EncryptedPrivateKeyInfo that <see cref="KeyEnvelope"/> has let in.</param>
internal sealed record EncryptedKey(string File, byte[] Der)
{
    /// <summary>False when the passphrase is another one, or what it opens is no P-256 key.</summary>
    public bool TryOpen(ReadOnlySpan<char> passphrase, [NotNullWhen(true)] out IdentityKey? key)
    {
        var (pkcs8, opened) = (Decrypt(passphrase), default(IdentityKey));
        var isOpen = pkcs8 is not null && IdentityKey.TryImportPkcs8(pkcs8, out opened);
        CryptographicOperations.ZeroMemory(pkcs8);
        key = opened;
        return isOpen;
    }

    /// <inheritdoc cref="TryOpen"/>
    public bool TryOpenRecorder(ReadOnlySpan<char> passphrase, [NotNullWhen(true)] out HpkeKeyPair? key)
    {
        var (pkcs8, opened) = (Decrypt(passphrase), default(HpkeKeyPair));
        var isOpen = pkcs8 is not null && HpkeKeyPair.TryImportPkcs8(pkcs8, out opened);
        CryptographicOperations.ZeroMemory(pkcs8);
        key = opened;
        return isOpen;
    }

    /// <summary>Null when the passphrase is another one.</summary>
    private byte[]? Decrypt(ReadOnlySpan<char> passphrase)
    {
        using var ecdsa = ECDsa.Create();
        try
        {
            ecdsa.ImportEncryptedPkcs8PrivateKey(passphrase, Der, out _);
            return ecdsa.ExportPkcs8PrivateKey();
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
