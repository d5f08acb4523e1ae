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
        key = null;
        using var ecdsa = ECDsa.Create();
        byte[]? pkcs8 = null;
        try
        {
            ecdsa.ImportEncryptedPkcs8PrivateKey(passphrase, Der, out _);
            pkcs8 = ecdsa.ExportPkcs8PrivateKey();
            return IdentityKey.TryImportPkcs8(pkcs8, out key);
        }
        catch (CryptographicException)
        {
            return false;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
        }
    }
}
