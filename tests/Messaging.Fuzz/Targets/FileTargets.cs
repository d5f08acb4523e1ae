using Messaging.Files;

namespace Messaging.Fuzz.Targets;

internal sealed class FileManifestTarget : IFuzzTarget
{
    public static string Name => "file-manifest";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (FileManifest.TryDecode(data, out var value))
        {
            Promise.SameBytes(data, value.Encode());
            Promise.Holds(value.ChunkCount > 0 && value.LengthOf(value.ChunkCount - 1) is >= 0 and <= FileManifest.MaxChunkSize, "the last chunk has a length");
        }
    }

    public static IEnumerable<byte[]> Seeds() =>
        [Samples.File.Encode(), (Samples.File with { Size = FileManifest.MaxSize, ChunkSize = FileManifest.MinChunkSize, UnixMs = null, Attributes = [] }).Encode()];
}

internal sealed class FileChunkTarget : IFuzzTarget
{
    public static string Name => "file-chunk";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (FileChunk.TryDecode(data.ToArray(), out var value))
        {
            Promise.SameBytes(data, value.Encode());
        }
    }

    public static IEnumerable<byte[]> Seeds() => [new FileChunk(Samples.File.Id, 1, true, Samples.Bytes(300, 0x7a)).Encode(), new FileChunk(default, 0, false, default).Encode()];
}

internal sealed class FileEndTarget : IFuzzTarget
{
    public static string Name => "file-end";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (FileEnd.TryDecode(data, out var value))
        {
            Promise.SameBytes(data, value.Encode());
        }
    }

    public static IEnumerable<byte[]> Seeds() => [new FileEnd(Samples.File.Id, "source-changed").Encode()];
}

internal sealed class FileRequestTarget : IFuzzTarget
{
    public static string Name => "file-request";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (FileRequest.TryDecode(data, out var value))
        {
            Promise.SameBytes(data, value.Encode());
        }
    }

    public static IEnumerable<byte[]> Seeds() => [new FileRequest(Samples.File.Id).Encode()];
}

internal sealed class FileReceiptTarget : IFuzzTarget
{
    public static string Name => "file-receipt";

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        if (FileReceipt.TryDecode(data, out var value))
        {
            Promise.SameBytes(data, value.Encode());
        }
    }

    public static IEnumerable<byte[]> Seeds() =>
        [new FileReceipt(Samples.File.Id, FileReceiptState.Receiving, "", [(0, 0), (2, 9)]).Encode(), new FileReceipt(Samples.File.Id, FileReceiptState.Ended, "too-large", []).Encode()];
}
