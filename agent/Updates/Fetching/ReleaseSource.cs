using System.Security.Cryptography;
using Messaging.Agent.Disk;
using Messaging.Agent.Updates.State;
using Messaging.Trust;
using Messaging.Updates;
using Messaging.Updates.Client;
using Messaging.Updates.Keys;
using Messaging.Updates.Metadata;
using Messaging.Updates.Releases;

namespace Messaging.Agent.Updates.Fetching;

/// <summary>Finds releases in the fleet's repository, from a root on that the fleet's root keys have signed.</summary>
internal sealed class ReleaseSource(UpdateStore store, Func<FleetTrust> fleet, TimeProvider time)
{
    private const string Root = "root";
    private const int MaxRoots = 256;

    /// <summary>Makes what is known of the repository the newest, and finds a target in it.</summary>
    /// <exception cref="TufException">Something of it is refused.</exception>
    /// <exception cref="IOException">The repository or the disk failed.</exception>
    public async Task<(TufClient Client, TargetFile Target)> FindAsync(HttpRepository repository, string target, CancellationToken ct)
    {
        var metadata = new MetadataFolder(store.Disk, store.Metadata);
        if (metadata.Load(Root, TufLimits.Default.RootBytes) is null)
        {
            await BeginAsync(repository, metadata, ct);
        }

        var client = new TufClient(new TufOptions(metadata, repository, [new P256Scheme(), new Ed25519Scheme()], time));
        await client.RefreshAsync(ct);
        return (client, await client.FindAsync(target, ct));
    }

    /// <summary>What the repository said of a target when it was looked up last; null: that is not known.</summary>
    /// <exception cref="IOException">The disk failed.</exception>
    public ReadOnlyMemory<byte>? Recall(string target)
    {
        try
        {
            var kept = new MetadataFolder(store.Disk, store.Metadata).Load(TufNames.Targets, TufLimits.Default.TargetsBytes);
            return kept is not null && TargetsMetadata.Parse(kept).Find(target) is { } found ? found.Custom : null;
        }
        catch (TufException)
        {
            // Damaged with the rest: it is looked up again, where there is time for that.
            return null;
        }
    }

    /// <summary>The delta of a release that starts from a file that is there; null: none does.</summary>
    /// <param name="release">The release.</param>
    /// <param name="path">The file; there may be none.</param>
    /// <param name="ct">Interrupts it.</param>
    public static async Task<string?> DeltaFromAsync(Release release, string path, CancellationToken ct)
    {
        if (release.Deltas.Count == 0 || !File.Exists(path))
        {
            return null;
        }

        await using var file = File.OpenRead(path);
        var sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, ct));
        foreach (var delta in release.Deltas)
        {
            if (delta.From == sha256)
            {
                return delta.Target;
            }
        }

        return null;
    }

    /// <summary>Looks through the roots from the first on: those of before and after may have been signed by other keys of the fleet.</summary>
    private async Task BeginAsync(HttpRepository repository, MetadataFolder metadata, CancellationToken ct)
    {
        for (var version = 1; version <= MaxRoots; version++)
        {
            if (await ReadAsync(repository, $"{version}.{Root}.json", ct) is not { } bytes)
            {
                break;
            }

            if (RepositoryAnchor.IsSignedBy(bytes, fleet().Root.Root))
            {
                // For the helper, which begins there as well.
                AtomicFile.Write(store.Disk, Path.Combine(store.Metadata, "anchor.root.json"), bytes);
                metadata.Replace(Root, bytes);
                return;
            }
        }

        throw new TufException(TufFailure.NoRoot, Root, "no root of the repository is signed by the root keys of this device's fleet");
    }

    private static async Task<byte[]?> ReadAsync(HttpRepository repository, string file, CancellationToken ct)
    {
        var limit = TufLimits.Default.RootBytes;
        if (await repository.OpenAsync(new TufRequest(isTarget: false, file, limit), ct) is not { } stream)
        {
            return null;
        }

        await using (stream)
        {
            var bytes = new byte[limit + 1];
            var length = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, ct);
            return length > limit ? throw new TufException(TufFailure.EndlessData, file, $"it has more than {limit} bytes") : bytes[..length];
        }
    }
}
