using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Messaging.Wire;

/// <summary>The 16-byte name of a channel. Whoever makes a channel chooses it; the relay reads nothing out of it.</summary>
public readonly struct ChannelId : IEquatable<ChannelId>
{
    /// <summary>The size of an id, in bytes.</summary>
    public const int Size = 16;

    private readonly UInt128 _value;

    private ChannelId(UInt128 value) => _value = value;

    /// <summary>True for the all-zero id, which names no channel.</summary>
    public bool IsEmpty => _value == 0;

    /// <summary>A new id from the system's random number generator.</summary>
    public static ChannelId Generate()
    {
        Span<byte> bytes = stackalloc byte[Size];
        RandomNumberGenerator.Fill(bytes);
        return new ChannelId(BinaryPrimitives.ReadUInt128BigEndian(bytes));
    }

    /// <summary>Reads exactly 16 bytes.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out ChannelId id)
    {
        id = bytes.Length == Size ? new ChannelId(BinaryPrimitives.ReadUInt128BigEndian(bytes)) : default;
        return bytes.Length == Size;
    }

    /// <summary>Reads 32 lower-case hexadecimal digits; anything else is refused.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out ChannelId id)
    {
        id = default;
        Span<byte> bytes = stackalloc byte[Size];
        return LowerHex.TryDecode(text, bytes) && TryRead(bytes, out id);
    }

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
    public bool Equals(ChannelId other) => _value == other._value;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ChannelId other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _value.GetHashCode();

    /// <summary>Equality by value.</summary>
    public static bool operator ==(ChannelId left, ChannelId right) => left.Equals(right);

    /// <summary>Inequality by value.</summary>
    public static bool operator !=(ChannelId left, ChannelId right) => !left.Equals(right);
}
