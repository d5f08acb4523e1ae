using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Messaging.Wire;

/// <summary>
/// The name of a device, a server or an operator: the first 16 bytes of
/// SHA-256("messaging/1/principal" || 0x00 || identity point) over its first identity key. It stays when the key rotates.
/// Shown as 32 lower-case hexadecimal digits.
/// </summary>
public readonly struct PrincipalId : IEquatable<PrincipalId>, IComparable<PrincipalId>
{
    /// <summary>The size of an id, in bytes.</summary>
    public const int Size = 16;

    private readonly UInt128 _value;

    private PrincipalId(UInt128 value) => _value = value;

    /// <summary>True for the all-zero id, which names nobody.</summary>
    public bool IsEmpty => _value == 0;

    /// <summary>Derives the id from an uncompressed P-256 identity point (65 bytes).</summary>
    /// <exception cref="ArgumentException">The point has another length.</exception>
    public static PrincipalId FromIdentityKey(ReadOnlySpan<byte> point)
    {
        if (point.Length != WireLimits.PointBytes)
        {
            throw new ArgumentException("An identity point has 65 bytes.", nameof(point));
        }

        var label = "messaging/1/principal\0"u8;
        Span<byte> input = stackalloc byte[label.Length + WireLimits.PointBytes];
        label.CopyTo(input);
        point.CopyTo(input[label.Length..]);
        Span<byte> hash = stackalloc byte[WireLimits.HashBytes];
        SHA256.HashData(input, hash);
        return new PrincipalId(BinaryPrimitives.ReadUInt128BigEndian(hash));
    }

    /// <summary>Derives the id from an identity key.</summary>
    public static PrincipalId FromIdentityKey(IdentityPublicKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return FromIdentityKey(key.Point);
    }

    /// <summary>Reads exactly 16 bytes.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out PrincipalId id)
    {
        id = bytes.Length == Size ? new PrincipalId(BinaryPrimitives.ReadUInt128BigEndian(bytes)) : default;
        return bytes.Length == Size;
    }

    /// <summary>Reads 32 lower-case hexadecimal digits; anything else is refused.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out PrincipalId id) => TryParse(text.AsSpan(), out id);

    /// <inheritdoc cref="TryParse(string?, out PrincipalId)"/>
    public static bool TryParse(ReadOnlySpan<char> text, out PrincipalId id)
    {
        id = default;
        Span<byte> bytes = stackalloc byte[Size];
        return LowerHex.TryDecode(text, bytes) && TryRead(bytes, out id);
    }

    /// <summary>Reads 32 lower-case hexadecimal digits.</summary>
    /// <exception cref="FormatException">The text is something else.</exception>
    public static PrincipalId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException("A principal id is 32 lower-case hexadecimal digits.");

    /// <summary>Writes the 16 bytes.</summary>
    public void CopyTo(Span<byte> destination) => BinaryPrimitives.WriteUInt128BigEndian(destination, _value);

    /// <summary>The 16 bytes in a new array.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[Size];
        CopyTo(bytes);
        return bytes;
    }

    /// <summary>32 lower-case hexadecimal digits.</summary>
    public override string ToString() => _value.ToString("x32", provider: null);

    /// <inheritdoc/>
    public bool Equals(PrincipalId other) => _value == other._value;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is PrincipalId other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _value.GetHashCode();

    /// <inheritdoc/>
    public int CompareTo(PrincipalId other) => _value.CompareTo(other._value);

    /// <summary>Equality by value.</summary>
    public static bool operator ==(PrincipalId left, PrincipalId right) => left.Equals(right);

    /// <summary>Inequality by value.</summary>
    public static bool operator !=(PrincipalId left, PrincipalId right) => !left.Equals(right);

    /// <summary>Order of the bytes.</summary>
    public static bool operator <(PrincipalId left, PrincipalId right) => left.CompareTo(right) < 0;

    /// <summary>Order of the bytes.</summary>
    public static bool operator >(PrincipalId left, PrincipalId right) => left.CompareTo(right) > 0;

    /// <summary>Order of the bytes.</summary>
    public static bool operator <=(PrincipalId left, PrincipalId right) => left.CompareTo(right) <= 0;

    /// <summary>Order of the bytes.</summary>
    public static bool operator >=(PrincipalId left, PrincipalId right) => left.CompareTo(right) >= 0;
}
