using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Messaging.Agent.Disk;
using Messaging.Wire;

namespace Messaging.Agent.Spool;

/// <summary>Builds one entry at a time in a buffer that is reused. See <see cref="EntryFormat"/>.</summary>
internal sealed class EntryWriter
{
    private byte[] _buffer = new byte[64 * 1024];
    private int _length;

    public void Begin(SpoolEntryKind kind) => Begin((byte)kind);

    /// <summary>For other files of entries than the spool's.</summary>
    public void Begin(byte kind)
    {
        _buffer.AsSpan(0, EntryFormat.BodyInBuffer).Clear();
        var header = _buffer.AsSpan(EntryFormat.ChainBytes);
        BinaryPrimitives.WriteUInt16LittleEndian(header, EntryFormat.Magic);
        header[EntryFormat.KindAt] = kind;
        _length = EntryFormat.BodyInBuffer;
    }

    public void Byte(byte value) => Grow(1)[0] = value;

    public void UInt16(int value) => BinaryPrimitives.WriteUInt16LittleEndian(Grow(2), checked((ushort)value));

    public void UInt32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Grow(4), value);

    public void UInt64(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Grow(8), value);

    public void Raw(ReadOnlySpan<byte> value) => value.CopyTo(Grow(value.Length));

    public void Epoch(EpochId id) => id.CopyTo(Grow(EpochId.Size));

    public void Sized(ReadOnlySpan<byte> value)
    {
        UInt32((uint)value.Length);
        Raw(value);
    }

    public void Checkpoint(string key, ReadOnlySpan<byte> value)
    {
        var count = Encoding.UTF8.GetByteCount(key);
        UInt16(count);
        Encoding.UTF8.GetBytes(key, Grow(count));
        Sized(value);
    }

    public void Gap(SpoolGap gap)
    {
        Epoch(gap.Key.Epoch);
        UInt32(gap.Key.Stream);
        UInt64(gap.Range.From);
        UInt64(gap.Range.To);
        Byte((byte)gap.Reason);
    }

    /// <summary>The entry's bytes, valid until the next <see cref="Begin"/>; <paramref name="chain"/> moves on to this entry.</summary>
    public ReadOnlySpan<byte> Finish(Span<byte> chain, long durableThrough)
    {
        var header = _buffer.AsSpan(EntryFormat.ChainBytes, EntryFormat.HeaderBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(header[EntryFormat.LengthAt..], (uint)(_length - EntryFormat.BodyInBuffer));
        BinaryPrimitives.WriteUInt32LittleEndian(header[EntryFormat.DurableAt..], (uint)durableThrough);
        chain.CopyTo(_buffer);

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(_buffer.AsSpan(0, _length), hash);
        hash[..EntryFormat.ChainBytes].CopyTo(chain);
        hash[..EntryFormat.ChainBytes].CopyTo(header[EntryFormat.ChainAt..]);

        var entry = _buffer.AsSpan(EntryFormat.ChainBytes, _length - EntryFormat.ChainBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(header[EntryFormat.ChecksumAt..], Crc32C.Compute(entry));
        return entry;
    }

    private Span<byte> Grow(int count)
    {
        if (_length + count > _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + count));
        }

        _length += count;
        return _buffer.AsSpan(_length - count, count);
    }
}
