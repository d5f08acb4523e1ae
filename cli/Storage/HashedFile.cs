using System.Security.Cryptography;

namespace Messaging.Cli.Storage;

/// <summary>Hashes files of any size, with little memory.</summary>
internal static class HashedFile
{
    private const int Piece = 256 * 1024;

    /// <summary>Adds the content from the beginning to the end, and returns how many bytes that were.</summary>
    public static async Task<long> AppendAsync(IncrementalHash hash, Stream file, Action<long> progress, CancellationToken ct)
    {
        var buffer = new byte[Piece];
        file.Position = 0;
        long at = 0;
        int read;
        while ((read = await file.ReadAsync(buffer, ct)) > 0)
        {
            hash.AppendData(buffer, 0, read);
            at += read;
            progress(at);
        }

        return at;
    }
}
