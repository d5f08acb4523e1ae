using System.Net;

namespace Messaging.Cli.Server;

/// <summary>The rest of a file as the body of a request, in pieces, with word of how far it is.</summary>
/// <param name="file">Stands where it begins.</param>
/// <param name="progress">Hears where it stands after each piece.</param>
internal sealed class PieceContent(Stream file, Action<long> progress) : HttpContent
{
    /// <summary>Of a piece.</summary>
    public const int Bytes = 64 * 1024;

    private readonly long _from = file.Position;

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        var block = new byte[Bytes];
        file.Position = _from;
        int read;
        while ((read = await file.ReadAsync(block)) > 0)
        {
            await stream.WriteAsync(block.AsMemory(0, read));
            progress(file.Position);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = file.Length - _from;
        return true;
    }
}
