using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;

namespace Messaging.Wire;

/// <summary>
/// Reads the profile's strict subset of CBOR (RFC 8949) from a span: definite lengths, shortest heads, valid UTF-8, no floats, no tags,
/// maps only with strictly ascending keys from -24 to 23. Every method returns false for anything else and for the wrong type, never
/// throws for bad input and allocates only the strings it returns. After a false the reader's position is meaningless.
/// </summary>
public ref struct CborReader
{
    private readonly ReadOnlySpan<byte> _data;
    private int _position;

    /// <summary>Starts at the first byte.</summary>
    public CborReader(ReadOnlySpan<byte> data)
    {
        _data = data;
        _position = 0;
    }

    /// <summary>How many bytes have been read.</summary>
    public readonly int Position => _position;

    /// <summary>True when every byte has been read. A decoder ends with this: trailing bytes are malformed.</summary>
    public readonly bool AtEnd => _position == _data.Length;

    /// <summary>True when <paramref name="data"/> is exactly one item of the strict subset.</summary>
    public static bool IsWellFormed(ReadOnlySpan<byte> data)
    {
        var reader = new CborReader(data);
        return reader.TryReadEncoded(out _) && reader.AtEnd;
    }

    /// <summary>The type of the next item, without reading it.</summary>
    public readonly CborType PeekType() => _position >= _data.Length ? CborType.None : _data[_position] switch
    {
        <= 0x1b => CborType.Natural,
        >= 0x20 and <= 0x3b => CborType.Negative,
        >= 0x40 and <= 0x5b => CborType.Bytes,
        >= 0x60 and <= 0x7b => CborType.Text,
        >= 0x80 and <= 0x9b => CborType.Array,
        >= 0xa0 and <= 0xbb => CborType.Map,
        0xf4 or 0xf5 => CborType.Boolean,
        0xf6 => CborType.Null,
        _ => CborType.None,
    };

    /// <summary>Reads an unsigned integer.</summary>
    public bool TryReadUInt64(out ulong value) => TryReadHead(0, out value);

    /// <summary>Reads an unsigned integer of at most <paramref name="max"/>.</summary>
    public bool TryReadUInt64(out ulong value, ulong max) => TryReadHead(0, out value) && value <= max;

    /// <summary>Reads an unsigned integer of at most <paramref name="max"/>.</summary>
    public bool TryReadUInt32(out uint value, uint max = uint.MaxValue)
    {
        var ok = TryReadHead(0, out var wide) && wide <= max;
        value = ok ? (uint)wide : 0;
        return ok;
    }

    /// <summary>Reads an unsigned integer from 0 to <paramref name="max"/>.</summary>
    public bool TryReadInt32(out int value, int max = int.MaxValue)
    {
        var ok = TryReadHead(0, out var wide) && wide <= (ulong)max;
        value = ok ? (int)wide : 0;
        return ok;
    }

    /// <summary>Reads a signed integer of 64 bits.</summary>
    public bool TryReadInt64(out long value)
    {
        value = 0;
        var negative = PeekType() == CborType.Negative;
        if (!TryReadHead(negative ? 1 : 0, out var wide) || wide > long.MaxValue)
        {
            return false;
        }

        value = negative ? -1 - (long)wide : (long)wide;
        return true;
    }

    /// <summary>Reads an unsigned integer and compares it: versions and suite numbers.</summary>
    public bool TryReadExpected(ulong expected) => TryReadHead(0, out var value) && value == expected;

    /// <summary>Reads true or false.</summary>
    public bool TryReadBoolean(out bool value)
    {
        value = !AtEnd && _data[_position] == 0xf5;
        if (PeekType() != CborType.Boolean)
        {
            return false;
        }

        _position++;
        return true;
    }

    /// <summary>Reads null if it is next. False leaves the reader where it was, so that the other form can be read.</summary>
    public bool TryReadNull()
    {
        if (PeekType() != CborType.Null)
        {
            return false;
        }

        _position++;
        return true;
    }

    /// <summary>Reads a byte string of at most <paramref name="maxLength"/> bytes. The span points into the input.</summary>
    public bool TryReadBytes(out ReadOnlySpan<byte> value, int maxLength = int.MaxValue) => TryReadString(2, maxLength, out value);

    /// <summary>Reads a byte string of exactly <paramref name="length"/> bytes. The span points into the input.</summary>
    public bool TryReadFixedBytes(int length, out ReadOnlySpan<byte> value) => TryReadString(2, length, out value) && value.Length == length;

    /// <summary>Reads a text string of at most <paramref name="maxBytes"/> bytes of valid UTF-8. The span points into the input.</summary>
    public bool TryReadUtf8(out ReadOnlySpan<byte> value, int maxBytes) => TryReadString(3, maxBytes, out value) && Utf8.IsValid(value);

    /// <summary>Reads a text string of at most <paramref name="maxBytes"/> bytes of valid UTF-8.</summary>
    public bool TryReadText([NotNullWhen(true)] out string? value, int maxBytes)
    {
        value = TryReadUtf8(out var utf8, maxBytes) ? Encoding.UTF8.GetString(utf8) : null;
        return value is not null;
    }

    /// <summary>Reads a principal's id.</summary>
    public bool TryReadPrincipalId(out PrincipalId id)
    {
        id = default;
        return TryReadFixedBytes(PrincipalId.Size, out var bytes) && PrincipalId.TryRead(bytes, out id);
    }

    /// <summary>Reads an epoch's id.</summary>
    public bool TryReadEpochId(out EpochId id)
    {
        id = default;
        return TryReadFixedBytes(EpochId.Size, out var bytes) && EpochId.TryRead(bytes, out id);
    }

    /// <summary>Reads a key id.</summary>
    public bool TryReadKid(out Kid kid)
    {
        kid = default;
        return TryReadFixedBytes(Kid.Size, out var bytes) && Kid.TryRead(bytes, out kid);
    }

    /// <summary>Reads a boot's id.</summary>
    public bool TryReadBootId(out BootId id)
    {
        id = default;
        return TryReadFixedBytes(BootId.Size, out var bytes) && BootId.TryRead(bytes, out id);
    }

    /// <summary>Reads a command's id.</summary>
    public bool TryReadCommandId(out CommandId id)
    {
        id = default;
        return TryReadFixedBytes(CommandId.Size, out var bytes) && CommandId.TryRead(bytes, out id);
    }

    /// <summary>Reads the head of an array of at most <paramref name="maxCount"/> items. The count never exceeds the bytes that are left.</summary>
    public bool TryReadArrayHead(out int count, int maxCount = int.MaxValue) => TryReadCount(4, 1, maxCount, out count);

    /// <summary>Reads the head of an array that must have exactly <paramref name="count"/> items.</summary>
    public bool TryReadArray(int count) => TryReadCount(4, 1, count, out var actual) && actual == count;

    /// <summary>Reads the head of a map. The caller reads each key with <see cref="TryReadMapKey"/>.</summary>
    public bool TryReadMapHead(out int count) => TryReadCount(5, 2, 48, out count);

    /// <summary>
    /// Reads a map key from -24 to 23. <paramref name="previous"/> holds the last key's encoded byte (start with -1): keys ascend strictly
    /// by it, which is the order of both canonical forms of CBOR and rules out duplicates.
    /// </summary>
    public bool TryReadMapKey(ref int previous, out int key)
    {
        key = 0;
        if (AtEnd || _data[_position] is var head && head is not (<= 0x17 or (>= 0x20 and <= 0x37)) || head <= previous)
        {
            return false;
        }

        previous = head;
        key = head < 0x20 ? head : 0x1f - head;
        _position++;
        return true;
    }

    /// <summary>Reads one whole item of any type and gives its bytes as they were received.</summary>
    public bool TryReadEncoded(out ReadOnlySpan<byte> encoded)
    {
        var start = _position;
        var ok = TrySkip(WireLimits.MaxCborDepth);
        encoded = ok ? _data[start.._position] : default;
        return ok;
    }

    private bool TrySkip(int depth)
    {
        switch (PeekType())
        {
            case CborType.Natural: return TryReadHead(0, out _);
            case CborType.Negative: return TryReadHead(1, out _);
            case CborType.Bytes: return TryReadBytes(out _);
            case CborType.Text: return TryReadUtf8(out _, int.MaxValue);
            case CborType.Boolean: return TryReadBoolean(out _);
            case CborType.Null: return TryReadNull();
            case CborType.Array: return depth > 0 && TrySkipArray(depth - 1);
            case CborType.Map: return depth > 0 && TrySkipMap(depth - 1);
            default: return false;
        }
    }

    private bool TrySkipArray(int depth)
    {
        if (!TryReadArrayHead(out var count))
        {
            return false;
        }

        for (var i = 0; i < count; i++)
        {
            if (!TrySkip(depth))
            {
                return false;
            }
        }

        return true;
    }

    private bool TrySkipMap(int depth)
    {
        if (!TryReadMapHead(out var count))
        {
            return false;
        }

        var previous = -1;
        for (var i = 0; i < count; i++)
        {
            if (!TryReadMapKey(ref previous, out _) || !TrySkip(depth))
            {
                return false;
            }
        }

        return true;
    }

    private bool TryReadCount(int major, int bytesPerItem, int maxCount, out int count)
    {
        var ok = TryReadHead(major, out var wide) && wide <= (ulong)maxCount && wide <= (ulong)((_data.Length - _position) / bytesPerItem);
        count = ok ? (int)wide : 0;
        return ok;
    }

    private bool TryReadString(int major, int maxLength, out ReadOnlySpan<byte> value)
    {
        value = default;
        if (!TryReadHead(major, out var length) || length > (ulong)maxLength || length > (ulong)(_data.Length - _position))
        {
            return false;
        }

        value = _data.Slice(_position, (int)length);
        _position += (int)length;
        return true;
    }

    /// <summary>RFC 8949, section 3, with the shortest form required (section 4.2.1).</summary>
    private bool TryReadHead(int major, out ulong value)
    {
        value = 0;
        var rest = _data[_position..];
        if (rest.IsEmpty || rest[0] >> 5 != major)
        {
            return false;
        }

        var info = rest[0] & 0x1f;
        var size = info switch { < 24 => 0, 24 => 1, 25 => 2, 26 => 4, 27 => 8, _ => -1 };
        if (size < 0 || rest.Length <= size)
        {
            return false;
        }

        (value, var shortest) = size switch
        {
            0 => ((ulong)info, 0UL),
            1 => (rest[1], 24UL),
            2 => (BinaryPrimitives.ReadUInt16BigEndian(rest[1..]), 1UL << 8),
            4 => (BinaryPrimitives.ReadUInt32BigEndian(rest[1..]), 1UL << 16),
            _ => (BinaryPrimitives.ReadUInt64BigEndian(rest[1..]), 1UL << 32),
        };
        _position += 1 + size;
        return value >= shortest;
    }
}
