using System.Security.Cryptography;
using System.Text;
using Messaging.Cli.Hosting;
using Messaging.Cli.Storage;
using Messaging.Crypto;

namespace Messaging.Cli.Keys;

/// <summary>A P-256 key as an encrypted PKCS#8 PEM (RFC 7468, section 11), mode 0600.</summary>
internal static class KeyFile
{
    /// <summary>What a guess costs; OWASP's figure for PBKDF2-HMAC-SHA256.</summary>
    public const int Iterations = 600_000;

    private const int MaxBytes = 16 * 1024;
    private const string Encrypted = "ENCRYPTED PRIVATE KEY";

    /// <summary>Writes a key; durable when this returns.</summary>
    /// <exception cref="CliException">There is a file of this name.</exception>
    public static void Create(string path, ReadOnlySpan<char> passphrase, IdentityKey key) => Create(path, passphrase, key.ExportPkcs8());

    /// <inheritdoc cref="Create(string, ReadOnlySpan{char}, IdentityKey)"/>
    public static void Create(string path, ReadOnlySpan<char> passphrase, HpkeKeyPair key) => Create(path, passphrase, key.ExportPkcs8());

    private static void Create(string path, ReadOnlySpan<char> passphrase, byte[] pkcs8)
    {
        RequireFree(path);
        try
        {
            using var ecdsa = ECDsa.Create();
            ecdsa.ImportPkcs8PrivateKey(pkcs8, out _);
            var pem = ecdsa.ExportEncryptedPkcs8PrivateKeyPem(
                passphrase, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, Iterations));
            DurableFile.Create(path, Encoding.ASCII.GetBytes(pem + "\n"));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
        }
    }

    /// <summary>Refuses to write over what is there: the only copy of a key may be in it.</summary>
    /// <exception cref="CliException">There is a file of this name.</exception>
    public static void RequireFree(string path)
    {
        if (File.Exists(path) || Directory.Exists(path))
        {
            throw new CliException($"{path} exists, and a key is never overwritten. Choose another name.");
        }
    }

    /// <summary>Reads a key that is still encrypted.</summary>
    /// <exception cref="CliException">It is none.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static EncryptedKey Load(string path)
    {
        var text = Encoding.Latin1.GetString(SmallFile.Read(path, MaxBytes));
        if (!PemEncoding.TryFind(text, out var fields))
        {
            throw new CliException($"{path} is no key: it is damaged, or another file. Keys are made by: fleetctl key create FILE");
        }

        if (!text.AsSpan(fields.Label).SequenceEqual(Encrypted))
        {
            throw new CliException($"{path} is no key with a passphrase, which the keys of owners have. They are made by: fleetctl key create FILE");
        }

        var der = new byte[fields.DecodedDataLength];
        var isAlone = text.AsSpan(0, fields.Location.Start.Value).IsWhiteSpace() && text.AsSpan(fields.Location.End.Value).IsWhiteSpace();
        return isAlone && Convert.TryFromBase64String(text[fields.Base64Data], der, out var length) && length == der.Length && KeyEnvelope.IsAcceptable(der)
            ? new EncryptedKey(path, der)
            : throw new CliException($"{path} is damaged, or encrypted in a way that is not used here (PBES2 with PBKDF2). Restore it from a copy.");
    }
}
