using System.Security.Cryptography;
using Messaging.FleetServer.Storage;
using Messaging.Updates.Releases;

namespace Messaging.FleetServer.Updates.Artifacts;

/// <summary>
/// Keys of encrypted releases, for whoever assigns these: a file each, 0600, named after the SHA-256 of the target. They keep content from mirrors and from whoever
/// downloads without being asked to, not from this server.
/// </summary>
internal sealed class ReleaseKeys(string folder)
{
    private readonly Lock _gate = new();

    /// <summary>The key, 32 bytes; null when there is none.</summary>
    public byte[]? Find(string targetSha256) => File.Exists(PathOf(targetSha256)) ? File.ReadAllBytes(PathOf(targetSha256)) : null;

    /// <summary>Keeps a key; durable when this returns. False when there is another one: what was encrypted with that would be lost.</summary>
    public bool TryAdd(string targetSha256, ReadOnlySpan<byte> key)
    {
        lock (_gate)
        {
            if (Find(targetSha256) is { } known)
            {
                return CryptographicOperations.FixedTimeEquals(known, key);
            }

            DurableFile.CreatePrivateDirectory(Path.GetDirectoryName(folder)!);
            DurableFile.CreatePrivateDirectory(folder);
            DurableFile.Replace(PathOf(targetSha256), key);
            DurableFile.FlushDirectory(Path.GetDirectoryName(folder)!);
            return true;
        }
    }

    /// <summary>False when there was none.</summary>
    public bool Delete(string targetSha256)
    {
        lock (_gate)
        {
            if (!File.Exists(PathOf(targetSha256)))
            {
                return false;
            }

            File.Delete(PathOf(targetSha256));
            DurableFile.FlushDirectory(folder);
            return true;
        }
    }

    /// <exception cref="ArgumentException">It is no hash, and so no name either.</exception>
    private string PathOf(string sha256) => ReleaseText.IsSha256(sha256) ? Path.Combine(folder, sha256) : throw new ArgumentException("It is no SHA-256.", nameof(sha256));
}
