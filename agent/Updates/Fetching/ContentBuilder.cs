using System.Buffers;
using System.Security.Cryptography;
using Messaging.Agent.Disk;
using Messaging.Agent.Updates.Neighbours;
using Messaging.Agent.Updates.State;
using Messaging.Updates.Deltas;
using Messaging.Updates.Metadata;
using Messaging.Updates.Releases;

namespace Messaging.Agent.Updates.Fetching;

/// <summary>Makes the content of what was fetched: opens it, applies it where it is a delta, and holds it against what is signed.</summary>
internal sealed class ContentBuilder(UpdateStore store, SharedArtifacts? shared = null)
{
    private const int BlockBytes = 64 * 1024;

    /// <summary>Returns when the content is on the disk, and right.</summary>
    /// <param name="record">The update.</param>
    /// <param name="release">What it is.</param>
    /// <param name="fetched">What was fetched.</param>
    /// <param name="from">What the delta starts from; null: it is the whole.</param>
    /// <param name="ct">Interrupts it.</param>
    /// <exception cref="UpdateFailedException">It is not what is signed, or the key does not open it.</exception>
    /// <exception cref="DeltaException">The delta does not make it.</exception>
    /// <exception cref="IOException">The disk failed.</exception>
    public async Task BuildAsync(UpdateRecord record, Release release, TargetFile fetched, string? from, CancellationToken ct)
    {
        if (from is null && !release.IsEncrypted)
        {
            // Verified as it came: it is the content.
            store.Disk.Rename(store.Fetched, store.Content);
            store.Disk.SyncDirectory(Path.GetDirectoryName(store.Content)!);
            if (release.ContentSha256 is { } listed && (release.ContentLength != fetched.Length || !Is(listed, fetched.Hashes.Sha256)))
            {
                throw Bad();
            }

            return;
        }

        using var cipher = release.IsEncrypted
            ? new ContentCipher((record.Assignment.Key ?? throw new UpdateFailedException(UpdateReasons.BadKey, "The release is encrypted, and the assignment has no key.")).Span, fetched.Path)
            : null;
        using var input = store.Disk.Open(store.Fetched, create: false);
        using var file = store.Disk.Open(store.Content, create: true);
        file.SetLength(0);
        await using var raw = new DiskFileStream(input, forWriting: false);
        await using var opened = cipher is null ? null : new OpeningStream(raw, fetched.Length, cipher);
        await using var output = new DiskFileStream(file, forWriting: true);
        Stream source = opened is null ? raw : opened;
        var (length, sha256) = Expected(record, release);
        if (from is null)
        {
            await CopyAsync(source, output, length, sha256, ct);
        }
        else
        {
            using var old = OldFile.Open(from);
            var made = await DeltaApplier.ApplyAsync(old, source, output, new DeltaLimits(length), ct);
            if (made.Length != length || !Is(sha256, made.Sha256.Span))
            {
                throw new DeltaException(DeltaFailure.WrongNew, "it makes another content than the release names");
            }
        }

        file.Sync();
        store.Disk.SyncDirectory(Path.GetDirectoryName(store.Content)!);
        if (shared is null || fetched.Hashes.Sha256 is not { } whole)
        {
            store.Disk.Delete(store.Fetched);
            return;
        }

        // As it stands in the repository, encrypted where it is.
        shared.Take(store.Fetched, whole);
    }

    /// <summary>The helper has its copy of the content: neighbours may have it, where it is what stands in the repository.</summary>
    /// <exception cref="IOException">The disk failed.</exception>
    public void Share(UpdateRecord record)
    {
        if (shared is not null && record.Release is { IsEncrypted: false } && store.Disk.Exists(store.Content))
        {
            shared.Take(store.Content, record.Assignment.Sha256.ToArray());
        }
    }

    /// <summary>Whether the content is here already, from before the agent was restarted.</summary>
    /// <exception cref="IOException">The disk failed.</exception>
    public async Task<bool> IsThereAsync(UpdateRecord record, Release release, CancellationToken ct)
    {
        if (!store.Disk.Exists(store.Content))
        {
            return false;
        }

        var (length, sha256) = Expected(record, release);
        using var file = store.Disk.Open(store.Content, create: false);
        await using var stream = new DiskFileStream(file, forWriting: false);
        return file.Length == length && Is(sha256, await SHA256.HashDataAsync(stream, ct));
    }

    /// <summary>Length and SHA-256 (64 lower-case hexadecimal digits) of the content.</summary>
    public static (long Length, string Sha256) Expected(UpdateRecord record, Release release) => release.ContentSha256 is { } listed
        ? (release.ContentLength, listed)
        : (record.Assignment.Length, Convert.ToHexStringLower(record.Assignment.Sha256.Span));

    private static async Task CopyAsync(Stream source, Stream output, long length, string sha256, CancellationToken ct)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var block = ArrayPool<byte>.Shared.Rent(BlockBytes);
        try
        {
            long written = 0;
            int read;
            while ((read = await source.ReadAsync(block.AsMemory(0, BlockBytes), ct)) > 0)
            {
                written += read;
                if (written > length)
                {
                    throw Bad();
                }

                hash.AppendData(block, 0, read);
                await output.WriteAsync(block.AsMemory(0, read), ct);
            }

            if (written != length || !Is(sha256, hash.GetHashAndReset()))
            {
                throw Bad();
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    private static bool Is(string sha256, ReadOnlySpan<byte> hash) => Convert.ToHexStringLower(hash) == sha256;

    private static UpdateFailedException Bad() => new(UpdateReasons.BadContent, "What was fetched is not the content that the release names.");
}
