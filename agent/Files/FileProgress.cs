using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Messaging.Agent.Spool;
using Messaging.Files;

namespace Messaging.Agent.Files;

/// <summary>
/// How far a file is sealed. In the same entry of the spool as the chunk before <see cref="Next"/>, so that each is sealed once whatever is
/// killed when. Little endian: version u8 | device u64 | inode u64 | size i64 | modified i64 | chunkSize i32 | next i32 | sha256 32.
/// </summary>
/// <param name="Mark">The file as it was when it was hashed.</param>
/// <param name="ChunkSize">Bytes of a chunk.</param>
/// <param name="Next">The first chunk that is not sealed.</param>
/// <param name="Sha256">Of the content.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct FileProgress(SourceMark Mark, int ChunkSize, int Next, ReadOnlyMemory<byte> Sha256)
{
    public const string KeyPrefix = "transfer/";
    private const byte Version = 1;
    private const int Bytes = 1 + 8 + 8 + 8 + 8 + 4 + 4 + 32;

    public static string Key(TransferId id) => KeyPrefix + id;

    /// <summary>Forgets the transfer.</summary>
    public static Checkpoint None(TransferId id) => new(Key(id), default);

    public Checkpoint ToCheckpoint(TransferId id)
    {
        var value = new byte[Bytes];
        value[0] = Version;
        BinaryPrimitives.WriteUInt64LittleEndian(value.AsSpan(1), Mark.Device);
        BinaryPrimitives.WriteUInt64LittleEndian(value.AsSpan(9), Mark.Inode);
        BinaryPrimitives.WriteInt64LittleEndian(value.AsSpan(17), Mark.Size);
        BinaryPrimitives.WriteInt64LittleEndian(value.AsSpan(25), Mark.ModifiedNs);
        BinaryPrimitives.WriteInt32LittleEndian(value.AsSpan(33), ChunkSize);
        BinaryPrimitives.WriteInt32LittleEndian(value.AsSpan(37), Next);
        Sha256.Span.CopyTo(value.AsSpan(41));
        return new Checkpoint(Key(id), value);
    }

    public static bool TryRead(in Checkpoint checkpoint, out TransferId id, out FileProgress progress)
    {
        var value = checkpoint.Value.Span;
        progress = default;
        if (!TransferId.TryParse(checkpoint.Key[KeyPrefix.Length..], out id) || value.Length != Bytes || value[0] != Version)
        {
            return false;
        }

        progress = new FileProgress(
            new SourceMark(
                BinaryPrimitives.ReadUInt64LittleEndian(value[1..]), BinaryPrimitives.ReadUInt64LittleEndian(value[9..]),
                BinaryPrimitives.ReadInt64LittleEndian(value[17..]), BinaryPrimitives.ReadInt64LittleEndian(value[25..])),
            BinaryPrimitives.ReadInt32LittleEndian(value[33..]),
            BinaryPrimitives.ReadInt32LittleEndian(value[37..]),
            checkpoint.Value[41..]);
        return progress is { Mark.Size: >= 0 and <= FileManifest.MaxSize, ChunkSize: >= FileManifest.MinChunkSize and <= FileManifest.MaxChunkSize, Next: >= 0 };
    }
}
