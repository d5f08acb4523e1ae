using Messaging.Updates.Metadata;

namespace Messaging.Updates.Client;

/// <summary>Gets files within their lengths and times.</summary>
internal sealed class TufDownloads(TufOptions options)
{
    private const int BlockBytes = 16 * 1024;

    /// <summary>The whole of a metadata file, or null when the repository has none.</summary>
    public async Task<byte[]?> MetadataAsync(string role, long? version, int maxBytes, CancellationToken stop)
    {
        using var deadline = new CancellationTokenSource(options.Limits.Patience, options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, deadline.Token);
        try
        {
            var request = new TufRequest(isTarget: false, TufNames.File(role, version), maxBytes);
            var stream = await options.Fetcher.OpenAsync(request, either.Token).ConfigureAwait(false);
            if (stream is null)
            {
                return null;
            }

            await using (stream.ConfigureAwait(false))
            {
                return await BoundedRead.AllAsync(stream, maxBytes, role, either.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            throw Slow(role);
        }
    }

    /// <summary>5.7.3: copies a target and returns when all of it was right.</summary>
    public async Task TargetAsync(TargetFile target, bool isConsistent, Stream destination, CancellationToken stop)
    {
        using var verifier = new TargetVerifier(target);
        using var deadline = new CancellationTokenSource(Time(target.Length), options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, deadline.Token);
        try
        {
            var request = new TufRequest(isTarget: true, TufNames.Target(target.Path, isConsistent ? target.Hashes.Prefix : null), target.Length);
            var stream = await options.Fetcher.OpenAsync(request, either.Token).ConfigureAwait(false)
                ?? throw new TufException(TufFailure.Missing, target.Path, "the repository does not have it");
            await using (stream.ConfigureAwait(false))
            {
                await CopyAsync(stream, verifier, destination, either.Token).ConfigureAwait(false);
            }

            verifier.Finish();
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            throw Slow(target.Path);
        }
    }

    private static async Task CopyAsync(Stream stream, TargetVerifier verifier, Stream destination, CancellationToken stop)
    {
        var block = new byte[BlockBytes];
        do
        {
            // One byte more than is left tells too long from just long enough; it is never written.
            var most = (int)Math.Min(BlockBytes, verifier.Left + 1);
            var read = await stream.ReadAsync(block.AsMemory(0, most), stop).ConfigureAwait(false);
            if (read == 0)
            {
                return;
            }

            verifier.Append(block.AsSpan(0, read));
            await destination.WriteAsync(block.AsMemory(0, read), stop).ConfigureAwait(false);
        }
        while (true);
    }

    private static TufException Slow(string file) => new(TufFailure.Slow, file, "it did not come in time");

    private TimeSpan Time(long bytes)
    {
        // Long enough for any length, and not more than a timer can wait.
        var seconds = Math.Min(bytes / options.Limits.BytesPerSecond, (long)TimeSpan.FromDays(30).TotalSeconds);
        return options.Limits.Patience + TimeSpan.FromSeconds(seconds);
    }
}
