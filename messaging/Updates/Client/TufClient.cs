using Messaging.Updates.Metadata;

namespace Messaging.Updates.Client;

/// <summary>
/// A client of The Update Framework 1.0 (the workflow of its section 5): knows by one trusted root which targets a repository has, and
/// believes no mirror. After an exception what was trusted is still so, and the next update may succeed. Not thread-safe.
/// </summary>
/// <param name="options">What it works with.</param>
public sealed class TufClient(TufOptions options)
{
    private readonly TufDownloads _downloads = new(options);
    private TrustedMetadata? _trusted;

    /// <summary>5.1 to 5.6: makes the top-level metadata the newest.</summary>
    /// <exception cref="TufException">Something of it is refused.</exception>
    /// <exception cref="IOException">The repository or the store failed.</exception>
    public async Task RefreshAsync(CancellationToken stop)
    {
        _trusted = null;
        var trusted = Load();
        await UpdateRootAsync(trusted, stop).ConfigureAwait(false);
        await UpdateTimestampAsync(trusted, stop).ConfigureAwait(false);
        await UpdateSnapshotAsync(trusted, stop).ConfigureAwait(false);
        await UpdateAsync(trusted, TufNames.Targets, bytes => Same(trusted, bytes), stop).ConfigureAwait(false);
        _trusted = trusted;

        static TargetsMetadata Same(TrustedMetadata trusted, byte[] bytes)
        {
            trusted.TakeTargets(bytes);
            return trusted.Targets!;
        }
    }

    /// <summary>5.6.7: what the repository says of a target, after a refresh.</summary>
    /// <exception cref="TufException">Nobody who may names it (<see cref="TufFailure.UnknownTarget"/>), or something on the way is refused.</exception>
    /// <exception cref="IOException">The repository or the store failed.</exception>
    public async Task<TargetFile> FindAsync(string path, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(path);
        var trusted = Trusted();
        var search = new DelegationSearch(path, options.Limits.VisitedRoles);
        var role = trusted.Targets!;
        while (true)
        {
            if (search.Visit(role) is { } target)
            {
                return target;
            }

            if (search.Next() is not { } step)
            {
                throw new TufException(TufFailure.UnknownTarget, path, "no role that may do so names it");
            }

            role = await UpdateAsync(trusted, step.Delegation.Name, bytes => trusted.TakeDelegated(bytes, step.Delegator, step.Delegation), stop).ConfigureAwait(false);
        }
    }

    /// <summary>5.7.3: gets a target. What was written must not be used unless this returns.</summary>
    /// <param name="target">Of <see cref="FindAsync"/>.</param>
    /// <param name="destination">Gets its bytes, never more than are listed.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="TufException">It is not what is listed.</exception>
    /// <exception cref="IOException">The repository or the destination failed.</exception>
    public Task DownloadAsync(TargetFile target, Stream destination, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(destination);
        return _downloads.TargetAsync(target, Trusted().Root.ConsistentSnapshot, destination, stop);
    }

    private TrustedMetadata Trusted() => _trusted ?? throw new InvalidOperationException("The metadata is to be refreshed first.");

    /// <summary>5.1 and 5.2.</summary>
    private TrustedMetadata Load()
    {
        var root = options.Store.Load(TufNames.Root, options.Limits.RootBytes)
            ?? throw new TufException(TufFailure.NoRoot, TufNames.Root, "there is no trusted root to start from");
        try
        {
            return new TrustedMetadata(root, options.Schemes, options.Time.GetUtcNow());
        }
        catch (TufException e)
        {
            throw new TufException(TufFailure.NoRoot, TufNames.Root, $"what is kept as trusted is none ({e.Message})");
        }
    }

    /// <summary>5.3.</summary>
    private async Task UpdateRootAsync(TrustedMetadata trusted, CancellationToken stop)
    {
        for (var i = 0; i < options.Limits.RootRotations; i++)
        {
            // 5.3.3
            var bytes = await _downloads.MetadataAsync(TufNames.Root, trusted.Root.Version + 1, options.Limits.RootBytes, stop).ConfigureAwait(false);
            if (bytes is null)
            {
                break;
            }

            if (trusted.TakeRoot(bytes))
            {
                // 5.3.11, before the root is kept: after a power cut between the two, nobody would know that the keys were others.
                options.Store.Delete(TufNames.Timestamp);
                options.Store.Delete(TufNames.Snapshot);
            }

            // 5.3.8
            options.Store.Replace(TufNames.Root, bytes);
        }

        trusted.EndRoots();
    }

    /// <summary>5.4.</summary>
    private async Task UpdateTimestampAsync(TrustedMetadata trusted, CancellationToken stop)
    {
        if (options.Store.Load(TufNames.Timestamp, options.Limits.TimestampBytes) is { } kept)
        {
            trusted.TryKeepTimestamp(kept);
        }

        var bytes = await FetchAsync(TufNames.Timestamp, version: null, options.Limits.TimestampBytes, stop).ConfigureAwait(false);
        if (trusted.TakeTimestamp(bytes))
        {
            // 5.4.5
            options.Store.Replace(TufNames.Timestamp, bytes);
        }
    }

    /// <summary>5.5.</summary>
    private async Task UpdateSnapshotAsync(TrustedMetadata trusted, CancellationToken stop)
    {
        if (options.Store.Load(TufNames.Snapshot, options.Limits.SnapshotBytes) is { } kept && trusted.TryKeepSnapshot(kept))
        {
            return;
        }

        var bytes = await FetchListedAsync(trusted, TufNames.Snapshot, trusted.Timestamp!.Snapshot, options.Limits.SnapshotBytes, stop).ConfigureAwait(false);
        trusted.TakeSnapshot(bytes);

        // 5.5.7
        options.Store.Replace(TufNames.Snapshot, bytes);
    }

    /// <summary>5.6.1 to 5.6.6, for the top-level role and those that are delegated to.</summary>
    private async Task<TargetsMetadata> UpdateAsync(TrustedMetadata trusted, string role, Func<byte[], TargetsMetadata> take, CancellationToken stop)
    {
        var name = TufNames.Escape(role);
        var listed = trusted.Listed(role);
        if (options.Store.Load(name, options.Limits.TargetsBytes) is { } kept && Kept(take, kept) is { } known)
        {
            return known;
        }

        var bytes = await FetchListedAsync(trusted, role, listed, options.Limits.TargetsBytes, stop).ConfigureAwait(false);
        var targets = take(bytes);

        // 5.6.6
        options.Store.Replace(name, bytes);
        return targets;
    }

    private static TargetsMetadata? Kept(Func<byte[], TargetsMetadata> take, byte[] kept)
    {
        try
        {
            return take(kept);
        }
        catch (TufException)
        {
            // An older one, or one that is not what it must be here: it is fetched, and judged then.
            return null;
        }
    }

    /// <summary>5.5.1 and 5.6.1: the length that is listed, or the one that is allowed.</summary>
    private Task<byte[]> FetchListedAsync(TrustedMetadata trusted, string role, MetaFile listed, int maxBytes, CancellationToken stop) =>
        listed.Length > maxBytes
            ? throw new TufException(TufFailure.EndlessData, role, $"{listed.Length} bytes are listed, and at most {maxBytes} are read")
            : FetchAsync(role, trusted.Root.ConsistentSnapshot ? listed.Version : null, (int)(listed.Length ?? maxBytes), stop);

    private async Task<byte[]> FetchAsync(string role, long? version, int maxBytes, CancellationToken stop) =>
        await _downloads.MetadataAsync(role, version, maxBytes, stop).ConfigureAwait(false)
            ?? throw new TufException(TufFailure.Missing, role, "the repository does not have it");
}
