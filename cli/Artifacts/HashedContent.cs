using System.Security.Cryptography;
using Messaging.Cli.Storage;

namespace Messaging.Cli.Artifacts;

/// <summary>A file, and what it is listed by.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Length">In bytes.</param>
/// <param name="Sha256">32 bytes.</param>
internal sealed record HashedContent(string Path, long Length, byte[] Sha256)
{
    public string Name => Convert.ToHexStringLower(Sha256);

    /// <exception cref="IOException">It cannot be read.</exception>
    public static async Task<HashedContent> ReadAsync(string path, Action<long> progress, CancellationToken ct)
    {
        await using var file = Open(path);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var length = await HashedFile.AppendAsync(hash, file, progress, ct);
        return new HashedContent(path, length, hash.GetHashAndReset());
    }

    public static FileStream Open(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, useAsync: true);
}
