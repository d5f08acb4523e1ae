using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Messaging.Wire;

/// <summary>
/// Writes the profile's strict subset of CBOR with shortest heads and definite lengths, into a buffer writer or a span.
/// The caller keeps the counts that it announced; map keys are written in ascending order of their encoded byte.
/// </summary>
public ref struct CborWriter
{
    private readonly IBufferWriter<byte>? _output;
    private readonly Span<byte> _span;
    private int _written;

    /// <summary>Appends to a buffer writer.</summary>
    public CborWriter(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        _output = output;
    }

    /// <summary>Fills a span; writing past its end throws.</summary>
    public CborWriter(Span<byte> destination) => _span = destination;

    /// <summary>How many bytes have been written.</summary>
    public readonly int Written => _written;

    /// <summary>The size of the head of an item with this value, length or count, in bytes: 1, 2, 3, 5 or 9.</summary>
    public static int HeadSize(ulong value) => value switch
    {
        < 24 => 1,
        <= byte.MaxValue => 2,
        <= ushort.MaxValue => 3,
        <= uint.MaxValue => 5,
        _ => 9,
    };

    /// <summary>The size of a byte or text string with its head, in bytes.</summary>
    public static int StringSize(int length) => HeadSize((ulong)length) + length;

    /// <summary>Writes an unsigned integer.</summary>
    public void WriteUInt64(ulong value) => WriteHead(0, value);

    /// <summary>Writes a signed integer.</summary>
    public void WriteInt64(long value) => WriteHead(value < 0 ? 1 : 0, value < 0 ? (ulong)(-1 - value) : (ulong)value);

    /// <summary>Writes true or false.</summary>
    public void WriteBoolean(bool value) => WriteByte(value ? (byte)0xf5 : (byte)0xf4);

    /// <summary>Writes null.</summary>
    public void WriteNull() => WriteByte(0xf6);

    /// <summary>Writes an unsigned integer, or null.</summary>
    public void WriteUInt64OrNull(ulong? value)
    {
        if (value is { } present)
        {
            WriteUInt64(present);
        }
        else
        {
            WriteNull();
        }
    }

    /// <summary>Writes a byte string.</summary>
    public void WriteBytes(scoped ReadOnlySpan<byte> value)
    {
        WriteHead(2, (ulong)value.Length);
        WriteEncoded(value);
    }

    /// <summary>Writes a principal's id as a byte string.</summary>
    public void WritePrincipalId(PrincipalId id)
    {
        Span<byte> bytes = stackalloc byte[PrincipalId.Size];
        id.CopyTo(bytes);
        WriteBytes(bytes);
    }

    /// <summary>Writes an epoch's id as a byte string.</summary>
    public void WriteEpochId(EpochId id)
    {
        Span<byte> bytes = stackalloc byte[EpochId.Size];
        id.CopyTo(bytes);
        WriteBytes(bytes);
    }

    /// <summary>Writes a boot's id as a byte string.</summary>
    public void WriteBootId(BootId id)
    {
        Span<byte> bytes = stackalloc byte[BootId.Size];
        id.CopyTo(bytes);
        WriteBytes(bytes);
    }

    /// <summary>Writes a command's id as a byte string.</summary>
    public void WriteCommandId(CommandId id)
    {
        Span<byte> bytes = stackalloc byte[CommandId.Size];
        id.CopyTo(bytes);
        WriteBytes(bytes);
    }

    /// <summary>Writes a key id as a byte string.</summary>
    public void WriteKid(Kid kid)
    {
        Span<byte> bytes = stackalloc byte[Kid.Size];
        kid.CopyTo(bytes);
        WriteBytes(bytes);
    }

    /// <summary>Writes a text string that is already UTF-8.</summary>
    public void WriteUtf8(scoped ReadOnlySpan<byte> value)
    {
        WriteHead(3, (ulong)value.Length);
        WriteEncoded(value);
    }

    /// <summary>Writes a text string. A lone surrogate becomes U+FFFD, so that the result is always valid UTF-8.</summary>
    public void WriteText(scoped ReadOnlySpan<char> value)
    {
        var length = Encoding.UTF8.GetByteCount(value);
        WriteHead(3, (ulong)length);
        Encoding.UTF8.GetBytes(value, Reserve(length));
        Commit(length);
    }

    /// <summary>Writes a text string of at most <paramref name="maxBytes"/> bytes: what a reader would refuse must not be sent.</summary>
    /// <exception cref="ArgumentException">The text is longer. <see cref="Utf8Text.Truncate"/> cuts it.</exception>
    public void WriteText(scoped ReadOnlySpan<char> value, int maxBytes)
    {
        if (Encoding.UTF8.GetByteCount(value) > maxBytes)
        {
            throw new ArgumentException($"The text has more than {maxBytes} bytes.", nameof(value));
        }

        WriteText(value);
    }

    /// <summary>Writes the head of an array; <paramref name="maxCount"/> says how many items a reader takes.</summary>
    /// <exception cref="ArgumentException">There are more.</exception>
    public void WriteArrayHead(int count, int maxCount)
    {
        if (count > maxCount)
        {
            throw new ArgumentException($"There are more than {maxCount} items.", nameof(count));
        }

        WriteArrayHead(count);
    }

    /// <summary>Writes the head of an array; <paramref name="count"/> items follow.</summary>
    public void WriteArrayHead(int count) => WriteHead(4, (ulong)count);

    /// <summary>Writes the head of a map; <paramref name="count"/> keys, each with its value, follow.</summary>
    public void WriteMapHead(int count) => WriteHead(5, (ulong)count);

    /// <summary>Reserves a byte string of <paramref name="length"/> bytes, which the caller fills before it writes on.</summary>
    public Span<byte> WriteBytesInPlace(int length)
    {
        WriteHead(2, (ulong)length);
        var span = Reserve(length)[..length];
        Commit(length);
        return span;
    }

    /// <summary>Copies bytes that are already encoded.</summary>
    public void WriteEncoded(scoped ReadOnlySpan<byte> encoded)
    {
        encoded.CopyTo(Reserve(encoded.Length));
        Commit(encoded.Length);
    }

    private void WriteByte(byte value)
    {
        Reserve(1)[0] = value;
        Commit(1);
    }

    private void WriteHead(int major, ulong value)
    {
        var size = HeadSize(value);
        var head = Reserve(size);
        var type = (byte)(major << 5);
        switch (size)
        {
            case 1:
                head[0] = (byte)(type | (byte)value);
                break;
            case 2:
                head[0] = (byte)(type | 24);
                head[1] = (byte)value;
                break;
            case 3:
                head[0] = (byte)(type | 25);
                BinaryPrimitives.WriteUInt16BigEndian(head[1..], (ushort)value);
                break;
            case 5:
                head[0] = (byte)(type | 26);
                BinaryPrimitives.WriteUInt32BigEndian(head[1..], (uint)value);
                break;
            default:
                head[0] = (byte)(type | 27);
                BinaryPrimitives.WriteUInt64BigEndian(head[1..], value);
                break;
        }

        Commit(size);
    }

    private readonly Span<byte> Reserve(int size) => _output is null ? _span[_written..] : _output.GetSpan(size);

    private void Commit(int size)
    {
        _output?.Advance(size);
        _written += size;
    }
}
