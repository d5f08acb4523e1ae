using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Messaging.Wire;

/// <summary>The public half of an ES256 identity key (P-256). Thread-safe.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The key handle is public data; its finalizer frees it, and keys are shared too widely to have one owner.")]
public sealed class IdentityPublicKey : IEquatable<IdentityPublicKey>
{
    private readonly byte[] _point;
    private readonly byte[] _fingerprint;
    private readonly Lock _gate = new();
    private ECDsa? _key;

    private IdentityPublicKey(byte[] point)
    {
        _point = point;
        _fingerprint = SHA256.HashData(point);
    }

    /// <summary>The uncompressed point, 65 bytes.</summary>
    public ReadOnlySpan<byte> Point => _point;

    /// <summary>SHA-256 of the point, 32 bytes.</summary>
    public ReadOnlySpan<byte> Fingerprint => _fingerprint;

    /// <summary>Takes an uncompressed point (0x04 || x || y). Other forms, points off the curve and infinity are refused.</summary>
    public static bool TryImport(ReadOnlySpan<byte> point, [NotNullWhen(true)] out IdentityPublicKey? key)
    {
        key = P256Point.IsValid(point) ? new IdentityPublicKey(point.ToArray()) : null;
        return key is not null;
    }

    /// <summary>Verifies an ES256 signature (r || s, 64 bytes) over <paramref name="data"/>.</summary>
    public bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        Span<byte> hash = stackalloc byte[WireLimits.HashBytes];
        SHA256.HashData(data, hash);
        return VerifyHash(hash, signature);
    }

    /// <summary>Verifies an ES256 signature (r || s, 64 bytes) over a SHA-256 digest.</summary>
    public bool VerifyHash(ReadOnlySpan<byte> hash, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != WireLimits.SignatureBytes || hash.Length != WireLimits.HashBytes)
        {
            return false;
        }

        lock (_gate)
        {
            _key ??= ECDsa.Create(P256Point.ToParameters(_point));
            return _key.VerifyHash(hash, signature, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
    }

    /// <summary>Equality of the points.</summary>
    public bool Equals(IdentityPublicKey? other) => other is not null && _point.AsSpan().SequenceEqual(other._point);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as IdentityPublicKey);

    /// <inheritdoc/>
    public override int GetHashCode() => BitConverter.ToInt32(_fingerprint);

    /// <summary>The fingerprint in lower-case hexadecimal digits.</summary>
    public override string ToString() => Convert.ToHexStringLower(_fingerprint);
}
