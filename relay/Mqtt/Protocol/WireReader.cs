using System.Buffers.Binary;
using System.Text.Unicode;

namespace Messaging.Relay.Mqtt.Protocol;

/// <summary>Reads MQTT's data types (MQTT 5 section 1.5) from a packet that is there whole. A false answer means malformed.</summary>
/// <param name="data">What is left to be read.</param>
internal ref struct WireReader(ReadOnlySpan<byte> data)
{
    private ReadOnlySpan<byte> _rest = data;

    /// <summary>What is left.</summary>
    public readonly ReadOnlySpan<byte> Rest => _rest;

    public readonly bool AtEnd => _rest.IsEmpty;

    public bool TryByte(out byte value)
    {
        if (_rest.IsEmpty)
        {
            value = 0;
            return false;
        }

        value = _rest[0];
        _rest = _rest[1..];
        return true;
    }

    public bool TryUInt16(out ushort value)
    {
        if (!BinaryPrimitives.TryReadUInt16BigEndian(_rest, out value))
        {
            return false;
        }

        _rest = _rest[2..];
        return true;
    }

    public bool TryUInt32(out uint value)
    {
        if (!BinaryPrimitives.TryReadUInt32BigEndian(_rest, out value))
        {
            return false;
        }

        _rest = _rest[4..];
        return true;
    }

    /// <summary>Variable Byte Integer (section 1.5.5): four bytes at most, and no more than it needs.</summary>
    public bool TryVariable(out uint value)
    {
        value = 0;
        for (var index = 0; index < 4 && index < _rest.Length; index++)
        {
            var one = _rest[index];
            value |= (uint)(one & 0x7F) << (7 * index);
            if ((one & 0x80) == 0)
            {
                _rest = _rest[(index + 1)..];
                return index == 0 || one != 0;
            }
        }

        return false;
    }

    /// <summary>UTF-8 string (section 1.5.4), without U+0000 and surrogates.</summary>
    public bool TryText(out ReadOnlySpan<byte> text) => TryBinary(out text) && Utf8.IsValid(text) && !text.Contains((byte)0);

    /// <summary>Binary data (section 1.5.6).</summary>
    public bool TryBinary(out ReadOnlySpan<byte> data)
    {
        if (!TryUInt16(out var length) || length > _rest.Length)
        {
            data = default;
            return false;
        }

        data = _rest[..length];
        _rest = _rest[length..];
        return true;
    }

    /// <summary>So many bytes, as they are.</summary>
    public bool TryTake(uint length, out ReadOnlySpan<byte> data)
    {
        if (length > (uint)_rest.Length)
        {
            data = default;
            return false;
        }

        data = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return true;
    }
}
