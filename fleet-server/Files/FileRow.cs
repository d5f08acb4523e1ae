using Messaging.Files;
using Messaging.Recordings;
using Messaging.Wire;

namespace Messaging.FleetServer.Files;

/// <summary>A file of a device as it is stored.</summary>
internal sealed class FileRow
{
    /// <summary>0 until it is stored.</summary>
    public long Id { get; set; }

    public required PrincipalId Device { get; init; }

    public required TransferId Transfer { get; init; }

    public required string Name { get; init; }

    public required string MediaType { get; init; }

    /// <summary>JSON object.</summary>
    public required string AttributesJson { get; init; }

    public required long Size { get; init; }

    public required int ChunkSize { get; init; }

    public required byte[] Sha256 { get; init; }

    /// <summary>When the device took it, by its clock; Unix milliseconds.</summary>
    public required long Time { get; init; }

    /// <summary>When its manifest came.</summary>
    public required long ReceivedAt { get; init; }

    /// <summary>When the last chunk came, or the state changed.</summary>
    public required long ChangedAt { get; set; }

    public FileState State { get; set; }

    public string Reason { get; set; } = "";

    /// <summary>Which chunks are here; only while receiving.</summary>
    public ChunkSet Chunks { get; set; } = new(0, []);

    /// <summary>Of a shell, by the device's agent: kept apart from what programs send.</summary>
    public bool IsRecording => MediaType == RecordingFormat.MediaType;

    public int ChunkCount => ManifestShape.ChunkCount;

    public int LengthOf(int index) => ManifestShape.LengthOf(index);

    /// <summary>Bytes that are here.</summary>
    public long ReceivedBytes => State switch
    {
        FileState.Receiving => Chunks.Count == 0 ? 0 : ((long)(Chunks.Count - (Chunks.Has(ChunkCount - 1) ? 1 : 0)) * ChunkSize)
            + (Chunks.Has(ChunkCount - 1) ? LengthOf(ChunkCount - 1) : 0),
        FileState.Incomplete => 0,
        _ => Size,
    };

    private FileManifest ManifestShape => new(Transfer, Size, ChunkSize, Sha256, Name, MediaType, null, []);

    public bool IsOf(FileManifest manifest) =>
        manifest.Size == Size && manifest.ChunkSize == ChunkSize && manifest.Sha256.Span.SequenceEqual(Sha256);

    public void End(FileState state, string reason, long now)
    {
        State = state;
        Reason = reason;
        ChangedAt = now;
    }
}
