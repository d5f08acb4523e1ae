using System.Diagnostics.CodeAnalysis;
using Messaging.Wire;

namespace Messaging.Files;

/// <summary>A file that begins to come: [1, transferId, size, chunkSize, sha256, name, mediaType, time, attributes].</summary>
/// <param name="Id">Names the transfer.</param>
/// <param name="Size">Bytes, at most <see cref="MaxSize"/>.</param>
/// <param name="ChunkSize">Bytes of every chunk but the last, <see cref="MinChunkSize"/> to <see cref="MaxChunkSize"/>.</param>
/// <param name="Sha256">Of the whole content, 32 bytes.</param>
/// <param name="Name">See <see cref="FileName"/>.</param>
/// <param name="MediaType">"type/subtype" in ASCII; what the sender believes, nothing more.</param>
/// <param name="UnixMs">When the file was handed over, by the device's wall clock, in Unix milliseconds; null without a clock that can be right.</param>
/// <param name="Attributes">At most 64.</param>
public sealed record FileManifest(
    TransferId Id,
    long Size,
    int ChunkSize,
    ReadOnlyMemory<byte> Sha256,
    string Name,
    string MediaType,
    long? UnixMs,
    IReadOnlyList<KeyValuePair<string, string>> Attributes)
{
    /// <summary>The largest file, in bytes: 1 TiB.</summary>
    public const long MaxSize = 1L << 40;

    /// <summary>The smallest chunk but the last, in bytes.</summary>
    public const int MinChunkSize = 4096;

    /// <summary>The largest chunk, in bytes: with what stands around it, a record.</summary>
    public const int MaxChunkSize = 128 * 1024;

    /// <summary>How many chunks there are: an empty file has one, without a byte.</summary>
    public int ChunkCount => Size == 0 ? 1 : (int)((Size + ChunkSize - 1) / ChunkSize);

    /// <summary>The bytes of a chunk.</summary>
    public int LengthOf(int index) => (int)Math.Min(ChunkSize, Size - ((long)index * ChunkSize));

    /// <summary>The wire form.</summary>
    public byte[] Encode() => MessageBuffer.Write(this, static (manifest, ref writer) =>
    {
        writer.WriteArrayHead(9);
        writer.WriteUInt64(1);
        manifest.Id.Write(ref writer);
        writer.WriteUInt64((ulong)manifest.Size);
        writer.WriteUInt64((ulong)manifest.ChunkSize);
        writer.WriteBytes(manifest.Sha256.Span);
        writer.WriteText(manifest.Name, FileName.MaxBytes);
        writer.WriteText(manifest.MediaType, Files.MediaType.MaxBytes);
        UnixTime.WriteOrNull(ref writer, manifest.UnixMs);
        StringPairs.Write(ref writer, manifest.Attributes);
    });

    /// <summary>Reads the wire form.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out FileManifest? manifest)
    {
        manifest = null;
        var reader = new CborReader(data);
        if (!reader.TryReadArray(9)
            || !reader.TryReadExpected(1)
            || !TransferId.TryRead(ref reader, out var id)
            || !reader.TryReadUInt64(out var size, MaxSize)
            || !reader.TryReadInt32(out var chunkSize, MaxChunkSize)
            || chunkSize < MinChunkSize
            || !reader.TryReadFixedBytes(WireLimits.HashBytes, out var sha256)
            || !reader.TryReadText(out var name, FileName.MaxBytes)
            || !FileName.IsValid(name)
            || !reader.TryReadText(out var mediaType, Files.MediaType.MaxBytes)
            || !Files.MediaType.IsValid(mediaType)
            || !UnixTime.TryReadOrNull(ref reader, out var unixMs)
            || !StringPairs.TryRead(ref reader, out var attributes)
            || !reader.AtEnd)
        {
            return false;
        }

        manifest = new FileManifest(id, (long)size, chunkSize, sha256.ToArray(), name, mediaType, unixMs, attributes);
        return true;
    }
}
