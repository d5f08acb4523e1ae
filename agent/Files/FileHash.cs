using System.Buffers;
using System.Security.Cryptography;

namespace Messaging.Agent.Files;

internal static class FileHash
{
    private const int Piece = 64 * 1024;

    /// <summary>Hashes a file that nobody may change meanwhile.</summary>
    /// <returns>Null, or why there is no hash.</returns>
    /// <exception cref="IOException">The medium failed.</exception>
    public static string? TryCompute(ISource source, CancellationToken ct, out SourceMark mark, out byte[] sha256)
    {
        sha256 = [];
        var before = source.Look();
        mark = before.Mark;
        if (!before.IsRegularFile || before.Names != 1)
        {
            return "source-changed";
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(Piece);
        try
        {
            long at = 0;
            while (source.Read(at, buffer.AsSpan(0, Piece)) is > 0 and var read)
            {
                ct.ThrowIfCancellationRequested();
                hash.AppendData(buffer, 0, read);
                at += read;
            }

            sha256 = hash.GetHashAndReset();
            return at == mark.Size && source.Look() == before ? null : "source-changed";
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
