using System.Buffers;
using System.Security.Cryptography;
using Messaging.Agent.Disk;
using Messaging.Updates.Releases;

namespace Messaging.Agent.Updates.Root;

/// <summary>Takes what the agent has fetched into root's folder: from then on nobody but root can change it.</summary>
internal static class ArtifactCopy
{
    private const int BlockBytes = 64 * 1024;

    /// <summary>Durable when it returns.</summary>
    /// <param name="disk">The disk.</param>
    /// <param name="agent">Who has fetched it.</param>
    /// <param name="to">Root's.</param>
    /// <param name="length">Bytes that it must have.</param>
    /// <param name="sha256">What it must be, 64 lower-case hexadecimal digits.</param>
    /// <exception cref="UpdateFailedException">It is something else.</exception>
    /// <exception cref="IOException">The disk failed.</exception>
    public static void Take(IDisk disk, IAgentFolder agent, string to, long length, string sha256)
    {
        if (disk.Space(Path.GetDirectoryName(to)!) is { } space && space.Free < length)
        {
            throw new UpdateFailedException(UpdateReasons.NoSpace, $"The artifact has {length} bytes, and {space.Free} are free for it.");
        }

        using var source = agent.OpenContent();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var file = disk.Open(to, create: true);
        file.SetLength(0);
        var block = ArrayPool<byte>.Shared.Rent(BlockBytes);
        try
        {
            for (long offset = 0; ;)
            {
                var read = source.Read(offset, block.AsSpan(0, (int)Math.Min(BlockBytes, length - offset + 1)));
                if (offset + read > length || (read == 0 && offset < length))
                {
                    throw Bad();
                }

                if (read == 0)
                {
                    break;
                }

                hash.AppendData(block, 0, read);
                file.Write(offset, block.AsSpan(0, read));
                offset += read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }

        file.Sync();
        if (Convert.ToHexStringLower(hash.GetHashAndReset()) != sha256)
        {
            throw Bad();
        }

        disk.SyncDirectory(Path.GetDirectoryName(to)!);
    }

    private static UpdateFailedException Bad() => new(UpdateReasons.BadContent, "What the agent has fetched is not what the repository has signed.");
}
