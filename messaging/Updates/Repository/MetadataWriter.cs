using System.Security.Cryptography;
using Messaging.Updates.Metadata;

namespace Messaging.Updates.Repository;

/// <summary>Makes the metadata below the root. A file is listed by its length and SHA-256, so that nobody can put another one of the same version in its place.</summary>
public static class MetadataWriter
{
    /// <summary><c>targets.json</c>, to be signed.</summary>
    /// <param name="version">From 1 on; rises.</param>
    /// <param name="expires">From then on it is not to be trusted.</param>
    /// <param name="targets">All there is.</param>
    /// <exception cref="TufException">Clients would refuse it: <see cref="TufFailure.Malformed"/>.</exception>
    public static TufDocument Targets(long version, DateTimeOffset expires, IEnumerable<TargetEntry> targets)
    {
        ArgumentNullException.ThrowIfNull(targets);
        var document = new TufDocument(TufNames.Targets, JsonTree.Object(
            Header.Of(TufNames.Targets, version, expires).Append(("targets", JsonTree.Object(targets.Select(static one => (one.Path, one.Tree())))))));

        // Written as it is read: what clients refuse is not signed.
        _ = TargetsMetadata.Parse(document.Encode());
        return document;
    }

    /// <summary><c>snapshot.json</c>, to be signed.</summary>
    /// <param name="version">From 1 on; rises.</param>
    /// <param name="expires">From then on it is not to be trusted.</param>
    /// <param name="targetsVersion">The version of <paramref name="targets"/>.</param>
    /// <param name="targets">The signed file that it lists.</param>
    public static TufDocument Snapshot(long version, DateTimeOffset expires, long targetsVersion, ReadOnlySpan<byte> targets) =>
        Listing(TufNames.Snapshot, version, expires, TufNames.Targets + TufNames.Extension, targetsVersion, targets);

    /// <summary><c>timestamp.json</c>, to be signed.</summary>
    /// <param name="version">From 1 on; rises.</param>
    /// <param name="expires">From then on it is not to be trusted.</param>
    /// <param name="snapshotVersion">The version of <paramref name="snapshot"/>.</param>
    /// <param name="snapshot">The signed file that it lists.</param>
    public static TufDocument Timestamp(long version, DateTimeOffset expires, long snapshotVersion, ReadOnlySpan<byte> snapshot) =>
        Listing(TufNames.Timestamp, version, expires, TufNames.SnapshotFile, snapshotVersion, snapshot);

    private static TufDocument Listing(string type, long version, DateTimeOffset expires, string file, long fileVersion, ReadOnlySpan<byte> content) =>
        new(type, JsonTree.Object(Header.Of(type, version, expires).Append(("meta", JsonTree.Object((file, JsonTree.Object(
            ("version", JsonTree.Number(fileVersion)),
            ("length", JsonTree.Number(content.Length)),
            ("hashes", JsonTree.Object(("sha256", JsonTree.Text(Convert.ToHexStringLower(SHA256.HashData(content)))))))))))));
}
