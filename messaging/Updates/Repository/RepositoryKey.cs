using System.Security.Cryptography;
using Messaging.Updates.Keys;
using Messaging.Updates.Metadata;
using Messaging.Wire;

namespace Messaging.Updates.Repository;

/// <summary>A P-256 key as a fleet's repository names it. The id is the SHA-256 of the canonical JSON of the key (TUF 4.2), so that it says which key it is.</summary>
public sealed class RepositoryKey
{
    private const string KeyType = "ecdsa";
    private const string Scheme = "ecdsa-sha2-nistp256";
    private const int LineLength = 64;
    private static readonly P256Scheme Verifier = new();

    private RepositoryKey(IdentityPublicKey key, TufKey tuf, string id) => (Public, Key, Id) = (key, tuf, id);

    /// <summary>64 lower-case hexadecimal digits.</summary>
    public string Id { get; }

    /// <summary>The key.</summary>
    public IdentityPublicKey Public { get; }

    /// <summary>As metadata has it.</summary>
    public TufKey Key { get; }

    /// <summary>The name and form that a key has in a fleet's repository.</summary>
    public static RepositoryKey Of(IdentityPublicKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var tuf = new TufKey(KeyType, Scheme, Pem(key));
        return new RepositoryKey(key, tuf, Convert.ToHexStringLower(SHA256.HashData(CanonicalJson.Write(Tree(tuf)))));
    }

    /// <summary>The key that metadata has, whatever its id is there; null when it is of another kind than P-256, or none.</summary>
    public static IdentityPublicKey? Read(TufKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Verifier.CanVerify(key.KeyType, key.Scheme) && Verifier.Import(key.Public) is { } point && IdentityPublicKey.TryImport(point, out var read) ? read : null;
    }

    internal static TufJson Tree(TufKey key) => JsonTree.Object(
        ("keytype", JsonTree.Text(key.KeyType)), ("scheme", JsonTree.Text(key.Scheme)), ("keyval", JsonTree.Object(("public", JsonTree.Text(key.Public)))));

    /// <summary>SubjectPublicKeyInfo with a named curve (RFC 5480), in the text form of RFC 7468, ended by a line end as other programs write it.</summary>
    private static string Pem(IdentityPublicKey key)
    {
        var base64 = Convert.ToBase64String([.. P256Scheme.Prefix, .. key.Point]);
        return $"-----BEGIN PUBLIC KEY-----\n{string.Join('\n', base64.Chunk(LineLength).Select(static line => new string(line)))}\n-----END PUBLIC KEY-----\n";
    }
}
