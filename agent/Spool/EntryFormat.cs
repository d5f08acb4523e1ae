using System.Buffers.Binary;
using System.Security.Cryptography;
using Messaging.Agent.Disk;

namespace Messaging.Agent.Spool;

/// <summary>
/// An entry of a segment, little endian:
/// <code>
///  0  magic u16          where a scan finds the next entry after damage
///  2  kind u8, 0 u8
///  4  body length u32
///  8  CRC-32C u32        of the whole entry with this field 0
/// 12  durable u32        bytes of this segment that were synced when this entry was written
/// 16  chain 16           SHA-256(previous chain | entry with checksum and chain 0)[0..16]
/// 32  body
/// </code>
/// </summary>
internal static class EntryFormat
{
    public const ushort Magic = 0x5EA1;
    public const int KindAt = 2;
    public const int LengthAt = 4;
    public const int ChecksumAt = 8;
    public const int DurableAt = 12;
    public const int ChainAt = 16;
    public const int ChainBytes = 16;
    public const int HeaderBytes = 32;

    /// <summary>Where the body begins when the previous chain value stands before the entry.</summary>
    public const int BodyInBuffer = ChainBytes + HeaderBytes;

    /// <summary>Snapshots are the largest entries.</summary>
    public const int MaxBodyBytes = 8 * 1024 * 1024;

    private static ReadOnlySpan<byte> NoChecksum => [0, 0, 0, 0];

    /// <summary>The entry at the start of <paramref name="bytes"/>, if it is whole.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> entry)
    {
        entry = default;
        if (bytes.Length < HeaderBytes || BinaryPrimitives.ReadUInt16LittleEndian(bytes) != Magic)
        {
            return false;
        }

        var body = BinaryPrimitives.ReadUInt32LittleEndian(bytes[LengthAt..]);
        if (body > MaxBodyBytes || body > bytes.Length - HeaderBytes)
        {
            return false;
        }

        var candidate = bytes[..(HeaderBytes + (int)body)];
        var checksum = Crc32C.Compute(candidate[..ChecksumAt]);
        checksum = Crc32C.Append(checksum, NoChecksum);
        checksum = Crc32C.Append(checksum, candidate[DurableAt..]);
        if (checksum != BinaryPrimitives.ReadUInt32LittleEndian(bytes[ChecksumAt..]))
        {
            return false;
        }

        entry = candidate;
        return true;
    }

    public static SpoolEntryKind Kind(ReadOnlySpan<byte> entry) => (SpoolEntryKind)entry[KindAt];

    public static uint Durable(ReadOnlySpan<byte> entry) => BinaryPrimitives.ReadUInt32LittleEndian(entry[DurableAt..]);

    public static ReadOnlySpan<byte> Chain(ReadOnlySpan<byte> entry) => entry.Slice(ChainAt, ChainBytes);

    public static ReadOnlySpan<byte> Body(ReadOnlySpan<byte> entry) => entry[HeaderBytes..];

    /// <summary>Whether <paramref name="entry"/> follows the entry whose chain value is <paramref name="previous"/>.</summary>
    public static bool Follows(ReadOnlySpan<byte> previous, ReadOnlySpan<byte> entry)
    {
        Span<byte> zero = stackalloc byte[ChainBytes];
        zero.Clear();
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData(previous);
        sha.AppendData(entry[..ChecksumAt]);
        sha.AppendData(zero[..4]);
        sha.AppendData(entry[DurableAt..ChainAt]);
        sha.AppendData(zero);
        sha.AppendData(entry[HeaderBytes..]);
        sha.GetHashAndReset(hash);
        return Chain(entry).SequenceEqual(hash[..ChainBytes]);
    }
}
