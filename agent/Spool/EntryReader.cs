using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Messaging.Wire;

namespace Messaging.Agent.Spool;

/// <summary>Reads an entry's body; nothing is trusted, nothing throws.</summary>
internal ref struct EntryReader(ReadOnlySpan<byte> body)
{
    private ReadOnlySpan<byte> _rest = body;

    public readonly ReadOnlySpan<byte> Rest => _rest;

    public bool TryByte(out byte value)
    {
        var ok = TryTake(1, out var bytes);
        value = ok ? bytes[0] : default;
        return ok;
    }

    public bool TryUInt16(out ushort value)
    {
        var ok = TryTake(2, out var bytes);
        value = ok ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : default;
        return ok;
    }

    public bool TryUInt32(out uint value)
    {
        var ok = TryTake(4, out var bytes);
        value = ok ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : default;
        return ok;
    }

    public bool TryUInt64(out ulong value)
    {
        var ok = TryTake(8, out var bytes);
        value = ok ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : default;
        return ok;
    }

    public bool TryEpoch(out EpochId id)
    {
        id = default;
        return TryTake(EpochId.Size, out var bytes) && EpochId.TryRead(bytes, out id);
    }

    public bool TrySized(out ReadOnlySpan<byte> value)
    {
        value = default;
        return TryUInt32(out var length) && length <= _rest.Length && TryTake((int)length, out value);
    }

    public bool TryRaw(int length, [NotNullWhen(true)] out byte[]? value)
    {
        value = TryTake(length, out var bytes) ? bytes.ToArray() : null;
        return value is not null;
    }

    public bool TryKey(out StreamKey key)
    {
        key = default;
        if (!TryEpoch(out var epoch) || !TryUInt32(out var stream))
        {
            return false;
        }

        key = new StreamKey(epoch, stream);
        return true;
    }

    public bool TryCheckpoint(out string key, out ReadOnlySpan<byte> value)
    {
        key = "";
        value = default;
        if (!TryUInt16(out var length) || !TryTake(length, out var text) || !TrySized(out value))
        {
            return false;
        }

        key = Encoding.UTF8.GetString(text);
        return true;
    }

    public bool TryGap([NotNullWhen(true)] out SpoolGap? gap)
    {
        gap = null;
        if (!TryKey(out var key) || !TryUInt64(out var from) || !TryUInt64(out var to) || !TryByte(out var reason) || from > to)
        {
            return false;
        }

        gap = new SpoolGap(key, new SeqRange(from, to), (GapReason)reason);
        return true;
    }

    private bool TryTake(int count, out ReadOnlySpan<byte> bytes)
    {
        if (count > _rest.Length)
        {
            bytes = default;
            return false;
        }

        bytes = _rest[..count];
        _rest = _rest[count..];
        return true;
    }
}
