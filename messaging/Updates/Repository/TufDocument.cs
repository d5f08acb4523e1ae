using System.Security.Cryptography;
using Messaging.Crypto;
using Messaging.Updates.Keys;
using Messaging.Updates.Metadata;

namespace Messaging.Updates.Repository;

/// <summary>A metadata file on its way to be signed: what is signed, and the signatures so far. Immutable.</summary>
public sealed class TufDocument
{
    private static readonly P256Scheme Verifier = new();
    private readonly TufJson _signed;
    private readonly byte[] _canonical;
    private readonly SortedDictionary<string, byte[]> _signatures;

    internal TufDocument(string role, TufJson signed)
        : this(role, signed, CanonicalJson.Write(signed), new SortedDictionary<string, byte[]>(StringComparer.Ordinal))
    {
    }

    private TufDocument(string role, TufJson signed, byte[] canonical, SortedDictionary<string, byte[]> signatures)
    {
        Role = role;
        _signed = signed;
        _canonical = canonical;
        _signatures = signatures;
        Digest = Convert.ToHexStringLower(SHA256.HashData(canonical));
    }

    /// <summary>Of which role it is, such as <c>targets</c>.</summary>
    public string Role { get; }

    /// <summary>What signatures are over: canonical JSON.</summary>
    public ReadOnlyMemory<byte> Canonical => _canonical;

    /// <summary>SHA-256 of <see cref="Canonical"/>, 64 lower-case hexadecimal digits: stands for exactly this content.</summary>
    public string Digest { get; }

    /// <summary>Ids of keys whose signatures it has, ascending. Whether they are right is another question.</summary>
    public IReadOnlyCollection<string> SignedBy => _signatures.Keys;

    /// <summary>Reads a file.</summary>
    /// <exception cref="TufException">It is <see cref="TufFailure.Malformed"/>.</exception>
    public static TufDocument Parse(ReadOnlySpan<byte> file, string role)
    {
        var envelope = TufEnvelope.Parse(file, role);
        var signatures = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var one in envelope.Signatures)
        {
            signatures.Add(one.KeyId, one.Bytes);
        }

        return new TufDocument(role, envelope.Signed, envelope.Canonical, signatures);
    }

    /// <summary>Reads what is to be signed, without an envelope, in any form of JSON.</summary>
    /// <exception cref="TufException">It is <see cref="TufFailure.Malformed"/>.</exception>
    public static TufDocument ParseContent(ReadOnlySpan<byte> content, string role)
    {
        var signed = TufJsonParser.Parse(content, role);
        return signed.Kind == TufJsonKind.Object ? new TufDocument(role, signed) : throw new TufException(TufFailure.Malformed, role, "no object");
    }

    /// <summary>The same with the signature of a key, in the place of one that it has already.</summary>
    public TufDocument Sign(IdentityKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return With(RepositoryKey.Of(key.Public).Id, EcdsaDerWriter.FromFixed(key.Sign(_canonical)));
    }

    /// <summary>The same with a signature that was made elsewhere.</summary>
    /// <param name="keyId">The key's id.</param>
    /// <param name="signature">ECDSA in DER.</param>
    public TufDocument With(string keyId, byte[] signature) =>
        new(Role, _signed, _canonical, new SortedDictionary<string, byte[]>(_signatures, StringComparer.Ordinal) { [keyId] = signature });

    /// <summary>The signature under an id; null when there is none.</summary>
    public byte[]? SignatureOf(string keyId) => _signatures.GetValueOrDefault(keyId);

    /// <summary>Whether the key has signed it, under the id that it has in a fleet's repository.</summary>
    public bool IsSignedBy(RepositoryKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return _signatures.TryGetValue(key.Id, out var signature) && Verifier.Verify(key.Public.Point, _canonical, signature);
    }

    /// <summary>The file, with all its signatures.</summary>
    public byte[] Encode() => JsonText.Write(JsonTree.Object(
        ("signatures", JsonTree.Array(_signatures.Select(static one => JsonTree.Object(
            ("keyid", JsonTree.Text(one.Key)), ("sig", JsonTree.Text(Convert.ToHexStringLower(one.Value))))))),
        ("signed", _signed)));

    /// <summary>What is signed, as JSON without an envelope.</summary>
    public byte[] EncodeContent() => JsonText.Write(_signed);
}
