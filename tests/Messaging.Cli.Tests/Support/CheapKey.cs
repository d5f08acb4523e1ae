using System.Security.Cryptography;
using Messaging.Cli.Keys;
using Messaging.Crypto;

namespace Messaging.Cli.Tests.Support;

/// <summary>Encrypted keys that are opened at once: what is tried is not how long a passphrase is hashed.</summary>
internal static class CheapKey
{
    public const string Phrase = "correct horse battery";

    public static string Pem(ECDsa key, string passphrase = Phrase, int iterations = 1) =>
        key.ExportEncryptedPkcs8PrivateKeyPem(passphrase, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, iterations));

    /// <summary>A P-256 key in a file.</summary>
    public static string Write(TemporaryFolder folder, string name, IdentityKey key, string passphrase = Phrase)
    {
        using var ecdsa = ECDsa.Create();
        ecdsa.ImportPkcs8PrivateKey(key.ExportPkcs8(), out _);
        var path = folder.Write(name, Pem(ecdsa, passphrase));
        PublicKeyFile.Create(path, key.Public);
        return path;
    }
}
