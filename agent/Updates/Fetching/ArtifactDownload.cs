using System.Buffers;
using System.Security.Cryptography;
using Messaging.Agent.Disk;
using Messaging.Agent.Updates.State;
using Messaging.Agent.Uplink;
using Messaging.Updates;
using Messaging.Updates.Metadata;

namespace Messaging.Agent.Updates.Fetching;

/// <summary>
/// Fetches a target into a file: goes on where it was interrupted, hashes while it writes, never writes more than is listed, and gives up who
/// is too slow. What is there after a power cut may be anything, and is found out by its hash.
/// </summary>
/// <param name="disk">The disk.</param>
/// <param name="path">The file.</param>
/// <param name="bucket">How fast it may be.</param>
/// <param name="time">The clock.</param>
/// <param name="progress">Told of the bytes that are there.</param>
/// <param name="lent">What of it neighbours have brought.</param>
/// <param name="count">Told of bytes that have come.</param>
/// <param name="pace">How slow whoever brings it may be.</param>
internal sealed class ArtifactDownload(IDisk disk, string path, TokenBucket bucket, TimeProvider time, Action<long> progress, Action<int> count, LentBytes lent, DownloadPace pace)
{
    private const int BlockBytes = 32 * 1024;
    private const long SyncBytes = 4 * 1024 * 1024;

    /// <summary>Bytes that are there from an earlier attempt.</summary>
    /// <exception cref="IOException">The disk failed.</exception>
    public long Have(TargetFile target)
    {
        if (!disk.Exists(path))
        {
            return 0;
        }

        using var file = disk.Open(path, create: false);
        return file.Length <= target.Length ? file.Length : 0;
    }

    /// <summary>Returns when all of it is on the disk, and right.</summary>
    /// <param name="repository">From where.</param>
    /// <param name="url">Below the targets of the repository.</param>
    /// <param name="target">What it must be.</param>
    /// <param name="isNeighbour">What is wrong takes nothing with it that came from elsewhere.</param>
    /// <param name="mayGo">Waits until bytes may be spent.</param>
    /// <param name="ct">Interrupts it.</param>
    /// <exception cref="TufException">It is not what is listed, or the repository does not have it.</exception>
    /// <exception cref="IOException">The repository or the disk failed; what is there is kept.</exception>
    public async Task RunAsync(HttpRepository repository, string url, TargetFile target, bool isNeighbour, Func<CancellationToken, Task> mayGo, CancellationToken ct)
    {
        var sha256 = target.Hashes.Sha256 ?? throw new TufException(TufFailure.WrongHash, target.Path, "no SHA-256 of it is listed");
        using var file = disk.Open(path, create: true);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var block = ArrayPool<byte>.Shared.Rent(BlockBytes);
        try
        {
            var there = Resume(file, target.Length, hash, block);
            var resumed = there > 0;
            progress(there);
            if (there < target.Length || target.Length == 0)
            {
                there = await FetchAsync(repository, url, target, file, hash, (there, target.Length), block, isNeighbour, mayGo, ct);
            }

            var isRight = there == target.Length && hash.GetHashAndReset().AsSpan().SequenceEqual(sha256);
            if (!isRight && there == target.Length && !isNeighbour && !lent.IsEmpty)
            {
                // What the neighbours brought may be all that is wrong with it.
                _ = await FetchAsync(repository, url, target, file, hash, (lent.From, lent.To), block, isNeighbour, mayGo, ct);
                _ = hash.GetHashAndReset();
                isRight = Resume(file, target.Length, hash, block) == target.Length && hash.GetHashAndReset().AsSpan().SequenceEqual(sha256);
                resumed = false;
            }

            file.Sync();
            if (!isRight)
            {
                Drop(file, isNeighbour);
                file.Sync();
                throw resumed && !isNeighbour
                    ? new IOException("what was there from an earlier attempt was not right; all of it is fetched again")
                    : new TufException(there < target.Length ? TufFailure.WrongLength : TufFailure.WrongHash, target.Path, "it is not what is listed");
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }

        disk.SyncDirectory(Path.GetDirectoryName(path)!);
    }

    /// <summary>All of it is fetched again; or, after a neighbour, what neighbours brought.</summary>
    private void Drop(IDiskFile file, bool isNeighbour)
    {
        file.SetLength(isNeighbour ? Math.Min(lent.From, file.Length) : 0);
        lent.Clear();
    }

    private static long Resume(IDiskFile file, long length, IncrementalHash hash, byte[] block)
    {
        var there = file.Length;
        if (there > length)
        {
            file.SetLength(0);
            return 0;
        }

        for (long offset = 0; offset < there;)
        {
            var read = file.Read(offset, block.AsSpan(0, (int)Math.Min(BlockBytes, there - offset)));
            if (read == 0)
            {
                throw new IOException("what was fetched before cannot be read again");
            }

            hash.AppendData(block, 0, read);
            offset += read;
        }

        return there;
    }

    private async Task<long> FetchAsync(
        HttpRepository repository, string url, TargetFile target, IDiskFile file, IncrementalHash hash, (long From, long To) part, byte[] block, bool isNeighbour, Func<CancellationToken, Task> mayGo, CancellationToken ct)
    {
        var (there, end) = part;
        if (await WithinAsync(stop => repository.OpenAsync(isTarget: true, url, there, end < target.Length ? end : null, stop), target, ct) is not { } answer)
        {
            throw new TufException(TufFailure.Missing, target.Path, "the repository does not have it");
        }

        await using var stream = answer.Stream;
        if (answer.Offset != there)
        {
            if (isNeighbour)
            {
                throw new IOException("it does not go on in the middle");
            }

            // It cannot go on in the middle: from the beginning.
            _ = hash.GetHashAndReset();
            file.SetLength(0);
            lent.Clear();
            (there, end) = (0, target.Length);
        }

        var synced = there;
        var (began, since) = (time.GetTimestamp(), 0L);
        while (there < end || end == target.Length)
        {
            await mayGo(ct);
            while (bucket.Wait is { Ticks: > 0 } wait)
            {
                await Task.Delay(wait, time, ct);
                began = time.GetTimestamp();
                since = 0;
            }

            // One byte more than is left tells too long from just long enough; it is never written.
            var most = (int)Math.Min(BlockBytes, end - there + (end == target.Length ? 1 : 0));
            var read = await WithinAsync(stop => stream.ReadAsync(block.AsMemory(0, most), stop).AsTask(), target, ct);
            if (read == 0)
            {
                return there;
            }

            count(read);
            if (there + read > target.Length)
            {
                Drop(file, isNeighbour);
                throw new TufException(TufFailure.EndlessData, target.Path, $"it has more than the {target.Length} bytes that are listed");
            }

            file.Write(there, block.AsSpan(0, read));
            hash.AppendData(block, 0, read);
            bucket.Take(read);
            (there, since) = (there + read, since + read);
            progress(there);
            if (there - synced >= SyncBytes)
            {
                // So that a power cut takes little back, and the disk's writes do not pile up.
                file.Sync();
                synced = there;
            }

            if (time.GetElapsedTime(began) >= pace.Window)
            {
                if (since < pace.LeastBytes)
                {
                    throw Slow(target);
                }

                (began, since) = (time.GetTimestamp(), 0);
            }
        }

        return there;
    }

    private async Task<T> WithinAsync<T>(Func<CancellationToken, Task<T>> what, TargetFile target, CancellationToken ct)
    {
        using var deadline = new CancellationTokenSource(pace.Window, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, ct);
        try
        {
            return await what(either.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            throw Slow(target);
        }
    }

    private static TufException Slow(TargetFile target) => new(TufFailure.Slow, target.Path, "it does not come in time");
}
