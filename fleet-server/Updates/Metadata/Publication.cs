using Messaging.Updates.Repository;

namespace Messaging.FleetServer.Updates.Metadata;

/// <summary>
/// The files by which something new becomes what devices are shown, in the order of TUF: the root, the targets, the snapshot, and the timestamp last.
/// Numbers of what the server signs follow the clock, so that a server that was restored from a backup does not use one again.
/// </summary>
internal static class Publication
{
    /// <param name="published">What devices are shown now.</param>
    /// <param name="root">The next root, signed; null: it stays.</param>
    /// <param name="targets">The next targets, signed; null: they stay.</param>
    /// <param name="online">Signs snapshot and timestamp.</param>
    /// <param name="limits">For how long.</param>
    /// <param name="now">The time.</param>
    public static IReadOnlyList<(string Name, byte[] Content)> Of(
        PublishedMetadata published, Draft? root, Draft? targets, OnlineKey online, RepositoryLimits limits, DateTimeOffset now)
    {
        var files = new List<(string, byte[])>();
        if (root is not null)
        {
            files.Add((MetadataNames.File(MetadataNames.Root, root.Version), root.Document.Encode()));
        }

        var targetsVersion = targets?.Version ?? published.Targets!.Version;
        var targetsFile = targets?.Document.Encode() ?? published.File(MetadataNames.File(MetadataNames.Targets, targetsVersion))!;
        if (targets is not null)
        {
            files.Add((MetadataNames.File(MetadataNames.Targets, targetsVersion), targetsFile));
        }

        var version = Next(published.Snapshot?.Version, now);
        var snapshot = MetadataWriter.Snapshot(version, now + limits.SnapshotValidity, targetsVersion, targetsFile).Sign(online.Key).Encode();
        files.Add((MetadataNames.File(MetadataNames.Snapshot, version), snapshot));
        files.Add(Timestamp(published, version, snapshot, online, limits, now));
        return files;
    }

    /// <summary>The next timestamp alone.</summary>
    public static (string Name, byte[] Content) Timestamp(PublishedMetadata published, OnlineKey online, RepositoryLimits limits, DateTimeOffset now)
    {
        var version = published.Snapshot!.Version;
        return Timestamp(published, version, published.File(MetadataNames.File(MetadataNames.Snapshot, version))!, online, limits, now);
    }

    private static (string Name, byte[] Content) Timestamp(
        PublishedMetadata published, long snapshotVersion, byte[] snapshot, OnlineKey online, RepositoryLimits limits, DateTimeOffset now) => (
            MetadataNames.TimestampFile,
            MetadataWriter.Timestamp(Next(published.Timestamp?.Version, now), now + limits.TimestampValidity, snapshotVersion, snapshot).Sign(online.Key).Encode());

    private static long Next(long? last, DateTimeOffset now) => Math.Max((last ?? 0) + 1, now.ToUnixTimeSeconds());
}
