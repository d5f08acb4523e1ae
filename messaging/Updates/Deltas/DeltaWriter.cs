using System.Buffers.Binary;
using Messaging.Updates.Deltas.Coding;
using Messaging.Updates.Deltas.Making;

namespace Messaging.Updates.Deltas;

/// <summary>
/// Makes deltas: what takes time and memory, and happens once for each pair of versions, where they are released. The same files make the same delta on every
/// machine. Files may have any length. Memory: about 11 bytes for each byte of the old file and one for each of the new one, and 1.5 GiB at most: an old file
/// beyond 128 MiB is searched in the parts of it that are likest to each 64 MiB of the new one, beside 40 MB for each GB of it.
/// </summary>
public static class DeltaWriter
{
    private const int LengthBytes = 4;

    /// <summary>Writes the delta that makes the new file from the old one.</summary>
    /// <param name="oldPath">What devices have.</param>
    /// <param name="newPath">What they are to get.</param>
    /// <param name="delta">Where it is written, in order. It is not flushed.</param>
    /// <param name="progress">Told after each block.</param>
    /// <param name="stop">Stops between two steps of the work; of large files some take half a minute.</param>
    /// <returns>The delta's header.</returns>
    /// <exception cref="InvalidDataException">The new file is such that its code is longer than itself: it was made to be.</exception>
    /// <exception cref="IOException">A file or stream failed, or a file has changed meanwhile.</exception>
    public static Task<DeltaHeader> WriteAsync(
        string oldPath, string newPath, Stream delta, IProgress<DeltaProgress>? progress = null, CancellationToken stop = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(oldPath);
        ArgumentException.ThrowIfNullOrEmpty(newPath);
        ArgumentNullException.ThrowIfNull(delta);
        return Task.Run(() => MakeAsync(oldPath, newPath, delta, progress, stop), stop);
    }

    private static async Task<DeltaHeader> MakeAsync(
        string oldPath, string newPath, Stream delta, IProgress<DeltaProgress>? progress, CancellationToken stop)
    {
        using var old = OldFile.Open(oldPath);
        using var news = OldFile.Open(newPath);
        return await WriteAsync(old, news, delta, progress, stop).ConfigureAwait(false);
    }

    internal static async Task<DeltaHeader> WriteAsync(
        IOldFile old, IOldFile news, Stream delta, IProgress<DeltaProgress>? progress, CancellationToken stop, SearchSizes? sizes = null)
    {
        var header = new DeltaHeader(old.Length, DeltaApplier.Sha256(old, stop), news.Length, DeltaApplier.Sha256(news, stop));
        await delta.WriteAsync(header.Encode(), stop).ConfigureAwait(false);
        var code = new DeltaCode<BitEncoder>(old, news.Length, new FileSteps(old, news, sizes ?? SearchSizes.Default, stop));
        var body = new byte[code.MaxCodedBytes];
        var front = new byte[LengthBytes];
        long done = 0, written = DeltaHeader.Bytes;
        while (!code.Block.IsEmpty)
        {
            stop.ThrowIfCancellationRequested();
            news.Read(done, code.Block.Span);
            var length = Encode(code, body);
            BinaryPrimitives.WriteInt32BigEndian(front, length);
            await delta.WriteAsync(front, stop).ConfigureAwait(false);
            await delta.WriteAsync(body.AsMemory(0, length), stop).ConfigureAwait(false);
            done += code.Block.Length;
            written += LengthBytes + length;
            code.Next();
            progress?.Report(new DeltaProgress(done, news.Length, written));
        }

        return header;
    }

    private static int Encode(DeltaCode<BitEncoder> code, byte[] body)
    {
        code.Coder.Begin(body);
        code.Code();
        return code.Coder.Finish();
    }
}
