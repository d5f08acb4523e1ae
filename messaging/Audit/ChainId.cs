using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Messaging.Wire;

namespace Messaging.Audit;

/// <summary>The random 16-byte name of a chain: of a server's log, or of a device's record of what it executed.</summary>
/// <param name="Value">The id as a number, big-endian.</param>
public readonly record struct ChainId(UInt128 Value)
{
    /// <summary>The size of an id, in bytes.</summary>
    public const int Size = 16;

    /// <summary>A new id from the system's random number generator.</summary>
    public static ChainId Generate()
    {
        Span<byte> bytes = stackalloc byte[Size];
        RandomNumberGenerator.Fill(bytes);
        return new ChainId(BinaryPrimitives.ReadUInt128BigEndian(bytes));
    }

    /// <summary>Reads exactly 16 bytes.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out ChainId id)
    {
        id = bytes.Length == Size ? new ChainId(BinaryPrimitives.ReadUInt128BigEndian(bytes)) : default;
        return bytes.Length == Size;
    }

    /// <summary>Reads 32 lower-case hexadecimal digits; anything else is refused.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out ChainId id)
    {
        id = default;
        Span<byte> bytes = stackalloc byte[Size];
        return LowerHex.TryDecode(text, bytes) && TryRead(bytes, out id);
    }

    /// <summary>The 16 bytes in a new array.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[Size];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, Value);
        return bytes;
    }

    /// <summary>32 lower-case hexadecimal digits.</summary>
    public override string ToString() => Value.ToString("x32", provider: null);

    internal static bool TryRead(ref CborReader reader, out ChainId id)
    {
        id = default;
        return reader.TryReadFixedBytes(Size, out var bytes) && TryRead(bytes, out id);
    }

    internal void Write(ref CborWriter writer)
    {
        Span<byte> bytes = stackalloc byte[Size];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, Value);
        writer.WriteBytes(bytes);
    }
}
