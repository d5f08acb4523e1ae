using Messaging.Agent.Clock;
using Messaging.Agent.Disk;
using Messaging.Agent.Updates.Fetching;
using Messaging.Updates;
using Messaging.Updates.Client;
using Messaging.Updates.Keys;
using Messaging.Updates.Metadata;
using Messaging.Updates.Releases;

namespace Messaging.Agent.Updates.Root;

/// <summary>
/// What root believes of a release: what the repository's keys have signed, from a root on that it has trusted before. The first one is what root itself laid down, else the one
/// that the agent found to be its fleet's.
/// </summary>
/// <param name="disk">The disk.</param>
/// <param name="trusted">The folder of what is trusted.</param>
/// <param name="agent">What the agent lays down.</param>
/// <param name="firstRoot">What root may have laid down.</param>
/// <param name="time">The clock.</param>
internal sealed class ReleaseCheck(IDisk disk, string trusted, IAgentFolder agent, string firstRoot, TimeProvider time)
{
    private const string Root = "root";

    /// <summary>The release, and what is to be installed of it.</summary>
    /// <exception cref="TufException">It is not signed as it must be.</exception>
    /// <exception cref="IOException">The disk failed.</exception>
    public async Task<(Release Release, string Sha256, long Length)> FindAsync(string target, CancellationToken ct)
    {
        var store = new MetadataFolder(disk, trusted);
        var fetcher = new LaidDownMetadata(agent);
        if (store.Load(Root, TufLimits.Default.RootBytes) is null)
        {
            // It is parsed before it is kept.
            store.Replace(Root, First());
        }

        var client = new TufClient(new TufOptions(store, fetcher, [new P256Scheme(), new Ed25519Scheme()], new NotBeforeBuild(time)));
        await client.RefreshAsync(ct);
        var found = await client.FindAsync(target, ct);
        var release = Release.Read(found);
        var listed = found.Hashes.Sha256 is { } sha256 ? Convert.ToHexStringLower(sha256) : throw new TufException(TufFailure.WrongHash, target, "no SHA-256 of it is listed");
        return release.ContentSha256 is { } content ? (release, content, release.ContentLength) : (release, listed, found.Length);
    }

    private byte[] First()
    {
        var bytes = disk.Exists(firstRoot) ? AtomicFile.Read(disk, firstRoot, TufLimits.Default.RootBytes) : agent.Metadata("anchor.root.json", TufLimits.Default.RootBytes);
        return bytes ?? throw new TufException(TufFailure.NoRoot, Root, "there is no root to start from");
    }

    /// <summary>Without a clock of its own a device believes at least when this program was built.</summary>
    private sealed class NotBeforeBuild(TimeProvider inner) : TimeProvider
    {
        private static readonly DateTimeOffset Built = DateTimeOffset.FromUnixTimeMilliseconds(BuildTime.UnixMs);

        public override long TimestampFrequency => inner.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => inner.GetUtcNow() is var now && now < Built ? Built : now;

        public override long GetTimestamp() => inner.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => inner.CreateTimer(callback, state, dueTime, period);
    }
}
