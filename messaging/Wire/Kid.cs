using System.Buffers.Binary;

namespace Messaging.Wire;

/// <summary>
/// An 8-byte key id: the first 8 bytes of an epoch id, or of SHA-256 of a public key. A hint for finding a key, never proof of one.
/// </summary>
public readonly struct Kid : IEquatable<Kid>
{
    /// <summary>The size of an id, in bytes.</summary>
    public const int Size = 8;

    /// <summary>The id whose big-endian bytes are <paramref name="value"/>.</summary>
    public Kid(ulong value) => Value = value;

    /// <summary>The bytes as a big-endian number: a handy dictionary or database key.</summary>
    public ulong Value { get; }

    /// <summary>The id of a signer's key: the first 8 bytes of its fingerprint.</summary>
    public static Kid OfSigner(IdentityPublicKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return new Kid(BinaryPrimitives.ReadUInt64BigEndian(key.Fingerprint));
    }

    /// <summary>Reads exactly 8 bytes.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out Kid kid)
    {
        kid = bytes.Length == Size ? new Kid(BinaryPrimitives.ReadUInt64BigEndian(bytes)) : default;
        return bytes.Length == Size;
    }

    /// <summary>Writes the 8 bytes.</summary>
    public void CopyTo(Span<byte> destination) => BinaryPrimitives.WriteUInt64BigEndian(destination, Value);

    /// <summary>16 lower-case hexadecimal digits.</summary>
    public override string ToString() => Value.ToString("x16", provider: null);

    /// <inheritdoc/>
    public bool Equals(Kid other) => Value == other.Value;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Kid other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Value.GetHashCode();

    /// <summary>Equality by value.</summary>
    public static bool operator ==(Kid left, Kid right) => left.Equals(right);

    /// <summary>Inequality by value.</summary>
    public static bool operator !=(Kid left, Kid right) => !left.Equals(right);
}
