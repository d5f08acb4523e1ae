using Messaging.Wire;

namespace Messaging.Files;

/// <summary>A part of a file: [1, transferId, index, final, bytes].</summary>
/// <param name="Id">Of the transfer.</param>
/// <param name="Index">From 0; the chunk stands at index * chunkSize of the manifest.</param>
/// <param name="IsFinal">True for the last chunk and no other.</param>
/// <param name="Bytes">At most <see cref="FileManifest.MaxChunkSize"/>.</param>
public readonly record struct FileChunk(TransferId Id, int Index, bool IsFinal, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>The highest index: that of the largest file in the smallest chunks.</summary>
    public const int MaxIndex = (int)(FileManifest.MaxSize / FileManifest.MinChunkSize) - 1;

    /// <summary>The wire form.</summary>
    public byte[] Encode() => MessageBuffer.Write(this, static (chunk, ref writer) =>
    {
        writer.WriteArrayHead(5);
        writer.WriteUInt64(1);
        chunk.Id.Write(ref writer);
        writer.WriteUInt64((ulong)chunk.Index);
        writer.WriteBoolean(chunk.IsFinal);
        writer.WriteBytes(chunk.Bytes.Span);
    });

    /// <summary>Reads the wire form; <see cref="Bytes"/> are a part of <paramref name="data"/>.</summary>
    public static bool TryDecode(ReadOnlyMemory<byte> data, out FileChunk chunk)
    {
        var reader = new CborReader(data.Span);
        chunk = default;
        if (!reader.TryReadArray(5)
            || !reader.TryReadExpected(1)
            || !TransferId.TryRead(ref reader, out var id)
            || !reader.TryReadInt32(out var index, MaxIndex)
            || !reader.TryReadBoolean(out var isFinal)
            || !reader.TryReadBytes(out var bytes, FileManifest.MaxChunkSize)
            || !reader.AtEnd)
        {
            return false;
        }

        chunk = new FileChunk(id, index, isFinal, data[(data.Length - bytes.Length)..]);
        return true;
    }
}
