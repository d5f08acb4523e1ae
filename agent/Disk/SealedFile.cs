using System.Buffers.Binary;

namespace Messaging.Agent.Disk;

/// <summary>
/// A small state file that knows its kind, its version and whether it is whole:
/// magic (8 ASCII bytes) | version u32 | CRC-32C of everything else u32 | content; little endian.
/// </summary>
internal static class SealedFile
{
    private const int HeaderBytes = 16;

    /// <summary>Returns when the new content survives a power cut.</summary>
    /// <exception cref="IOException">The old content is still in place.</exception>
    public static void Write(IDisk disk, string path, ReadOnlySpan<byte> magic, uint version, ReadOnlySpan<byte> content) =>
        AtomicFile.Write(disk, path, Format(magic, version, content));

    /// <summary>Neither atomic nor synced: the content survives the end of the process, and an end in the middle leaves it damaged.</summary>
    /// <exception cref="IOException">The file may be damaged.</exception>
    public static void WriteInPlace(IDisk disk, string path, ReadOnlySpan<byte> magic, uint version, ReadOnlySpan<byte> content)
    {
        var bytes = Format(magic, version, content);
        using var file = disk.Open(path, create: true);
        file.Write(0, bytes);
        if (file.Length > bytes.Length)
        {
            // Not before, and never to nothing: ext4 writes a file that was cut to zero to the card when it is closed (auto_da_alloc).
            file.SetLength(bytes.Length);
        }
    }

    /// <summary>Tells a missing file from a damaged one and from one of another version.</summary>
    /// <exception cref="IOException">The medium failed.</exception>
    public static SealedFileState TryRead(IDisk disk, string path, ReadOnlySpan<byte> magic, uint version, int limit, out byte[] content)
    {
        content = [];
        if (!disk.Exists(path))
        {
            return SealedFileState.Missing;
        }

        using var file = disk.Open(path, create: false);
        var length = file.Length;
        if (length < HeaderBytes || length > limit + (long)HeaderBytes)
        {
            return SealedFileState.Damaged;
        }

        var bytes = new byte[length];
        if (file.Read(0, bytes) != length
            || !bytes.AsSpan(0, 8).SequenceEqual(magic[..8])
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(12)) != Checksum(bytes))
        {
            return SealedFileState.Damaged;
        }

        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(8)) != version)
        {
            return SealedFileState.OtherVersion;
        }

        content = bytes[HeaderBytes..];
        return SealedFileState.Whole;
    }

    private static byte[] Format(ReadOnlySpan<byte> magic, uint version, ReadOnlySpan<byte> content)
    {
        var bytes = new byte[HeaderBytes + content.Length];
        magic[..8].CopyTo(bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), version);
        content.CopyTo(bytes.AsSpan(HeaderBytes));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(12), Checksum(bytes));
        return bytes;
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes) => Crc32C.Append(Crc32C.Compute(bytes[..12]), bytes[HeaderBytes..]);
}
