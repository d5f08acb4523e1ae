using System.Buffers.Binary;
using Messaging.Agent.Disk;

namespace Messaging.Agent.Spool;

/// <summary>
/// The start of a file of entries, little endian: magic 8 | version u32 | CRC-32C u32 (of the rest, this field left out) |
/// segment number u64 | chain value of the last entry of the segment before 16.
/// </summary>
internal static class SegmentHeader
{
    public const int Bytes = 40;
    public const uint Version = 1;
    private const int ChecksumAt = 12;
    private const int NumberAt = 16;
    private const int ChainAt = 24;

    public static ReadOnlySpan<byte> SpoolMagic => "MSGSPOOL"u8;

    /// <param name="header">Receives <see cref="Bytes"/> bytes.</param>
    /// <param name="magic">8 bytes that say what the file is.</param>
    /// <param name="number">The segment's number.</param>
    /// <param name="chain">The chain value that the first entry follows.</param>
    public static void Write(Span<byte> header, ReadOnlySpan<byte> magic, long number, ReadOnlySpan<byte> chain)
    {
        magic.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], Version);
        BinaryPrimitives.WriteInt64LittleEndian(header[NumberAt..], number);
        chain.CopyTo(header[ChainAt..]);
        BinaryPrimitives.WriteUInt32LittleEndian(header[ChecksumAt..], Checksum(header));
    }

    public static SealedFileState TryRead(ReadOnlySpan<byte> header, ReadOnlySpan<byte> magic, long number, out ReadOnlySpan<byte> chain)
    {
        chain = default;
        if (header.Length < Bytes
            || !header[..8].SequenceEqual(magic)
            || BinaryPrimitives.ReadUInt32LittleEndian(header[ChecksumAt..]) != Checksum(header))
        {
            return SealedFileState.Damaged;
        }

        if (BinaryPrimitives.ReadUInt32LittleEndian(header[8..]) != Version)
        {
            return SealedFileState.OtherVersion;
        }

        chain = header.Slice(ChainAt, EntryFormat.ChainBytes);
        return BinaryPrimitives.ReadInt64LittleEndian(header[NumberAt..]) == number ? SealedFileState.Whole : SealedFileState.Damaged;
    }

    private static uint Checksum(ReadOnlySpan<byte> header) => Crc32C.Append(Crc32C.Compute(header[..ChecksumAt]), header[NumberAt..Bytes]);
}
