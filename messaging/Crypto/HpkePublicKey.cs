using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Messaging.Wire;

namespace Messaging.Crypto;

/// <summary>The public half of an HPKE key: DHKEM(P-256, HKDF-SHA256), RFC 9180. Immutable.</summary>
public sealed class HpkePublicKey : IEquatable<HpkePublicKey>
{
    private readonly byte[] _point;

    private HpkePublicKey(byte[] point)
    {
        _point = point;
        Span<byte> hash = stackalloc byte[WireLimits.HashBytes];
        SHA256.HashData(point, hash);
        Kid.TryRead(hash[..Kid.Size], out var kid);
        Kid = kid;
    }

    /// <summary>The uncompressed point, 65 bytes: SerializePublicKey of RFC 9180, section 7.1.1.</summary>
    public ReadOnlySpan<byte> Point => _point;

    /// <summary>The first 8 bytes of SHA-256 of the point.</summary>
    public Kid Kid { get; }

    /// <summary>Takes an uncompressed point (0x04 || x || y). Other forms, points off the curve and infinity are refused.</summary>
    public static bool TryImport(ReadOnlySpan<byte> point, [NotNullWhen(true)] out HpkePublicKey? key)
    {
        key = P256Point.IsValid(point) ? new HpkePublicKey(point.ToArray()) : null;
        return key is not null;
    }

    /// <summary>Equality of the points.</summary>
    public bool Equals(HpkePublicKey? other) => other is not null && _point.AsSpan().SequenceEqual(other._point);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as HpkePublicKey);

    /// <inheritdoc/>
    public override int GetHashCode() => Kid.GetHashCode();

    /// <summary>The key id.</summary>
    public override string ToString() => Kid.ToString();
}
