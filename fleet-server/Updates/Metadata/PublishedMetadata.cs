using Messaging.Updates;
using Messaging.Updates.Metadata;
using Messaging.Updates.Repository;

namespace Messaging.FleetServer.Updates.Metadata;

/// <summary>What devices are shown, at one moment: the metadata, and which artifacts it names. Immutable.</summary>
internal sealed class PublishedMetadata
{
    private readonly Dictionary<string, byte[]> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TargetEntry> _artifacts = new(StringComparer.Ordinal);

    private PublishedMetadata()
    {
    }

    /// <summary>Nothing was published yet.</summary>
    public static PublishedMetadata None { get; } = new();

    /// <summary>All roots, verified one by another; null: there is none.</summary>
    public RepositoryTrust? Trust { get; private init; }

    /// <summary>The newest root as people make it; null when there is none, or it is not of the kind that this server can publish under.</summary>
    public RootPlan? Plan { get; private init; }

    public TimestampMetadata? Timestamp { get; private init; }

    public SnapshotMetadata? Snapshot { get; private init; }

    public TargetsMetadata? Targets { get; private init; }

    /// <summary>What is wrong with what is kept, for people; null: nothing. Then nothing can be published.</summary>
    public string? Damage { get; private init; }

    public bool Exists => Trust is not null;

    /// <summary>A file by its name in a URL.</summary>
    public byte[]? File(string name) => _files.GetValueOrDefault(name);

    /// <summary>An artifact that a kept version of the targets names, by its path in a URL without the escapes.</summary>
    public TargetEntry? Artifact(string path) => _artifacts.GetValueOrDefault(path);

    /// <summary>What the newest targets name, by the SHA-256 of artifacts.</summary>
    public IReadOnlyDictionary<string, string> Names { get; private init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Nothing can be shown or published.</summary>
    public static PublishedMetadata Damaged(string what) => new() { Damage = what };

    /// <summary>Reads what is there.</summary>
    public static PublishedMetadata Load(IRepositoryFiles files)
    {
        try
        {
            return Read(files);
        }
        catch (Exception e) when (e is TufException or InvalidDataException)
        {
            return Damaged($"The kept metadata is damaged ({e.Message}): restore the folder repository from a backup.");
        }
    }

    /// <summary>The paths of targets by the SHA-256 of their artifacts; of several paths of one artifact, one.</summary>
    public static IReadOnlyDictionary<string, string> NamesOf(TargetsMetadata targets)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < targets.Count; i++)
        {
            if (targets[i] is { Hashes.Sha256: { } sha256 } target)
            {
                names.TryAdd(Convert.ToHexStringLower(sha256), target.Path);
            }
        }

        return names;
    }

    private static PublishedMetadata Read(IRepositoryFiles files)
    {
        if (files.Read(MetadataNames.File(MetadataNames.Root, 1)) is not { } first)
        {
            return None;
        }

        var trust = RepositoryTrust.Begin(first);
        while (files.Read(MetadataNames.File(MetadataNames.Root, trust.Root.Version + 1)) is { } next)
        {
            trust.TakeRoot(next);
        }

        var timestamp = TimestampMetadata.Parse(Demand(files, MetadataNames.TimestampFile));
        var snapshot = SnapshotMetadata.Parse(Demand(files, MetadataNames.File(MetadataNames.Snapshot, timestamp.Snapshot.Version)));
        var targets = Demand(files, MetadataNames.File(MetadataNames.Targets, snapshot.Files[MetadataNames.Targets + ".json"].Version));
        var published = new PublishedMetadata
        {
            Trust = trust,
            Plan = RootPlan.Of(trust.Root),
            Timestamp = timestamp,
            Snapshot = snapshot,
            Targets = TargetsMetadata.Parse(targets),
            Names = NamesOf(TargetsMetadata.Parse(targets)),
        };
        foreach (var name in files.List())
        {
            published.Add(name, files);
        }

        return published;
    }

    private static byte[] Demand(IRepositoryFiles files, string name) => files.Read(name) ?? throw new InvalidDataException($"{name} is missing");

    private void Add(string name, IRepositoryFiles files)
    {
        var isTargets = MetadataNames.VersionOf(name, MetadataNames.Targets) is not null;
        if ((isTargets || name == MetadataNames.TimestampFile || MetadataNames.VersionOf(name, MetadataNames.Root) is not null || MetadataNames.VersionOf(name, MetadataNames.Snapshot) is not null)
            && files.Read(name) is { } content)
        {
            _files.Add(name, content);
            for (var (i, kept) = (0, isTargets ? TargetsMetadata.Parse(content) : null); i < kept?.Count; i++)
            {
                if (TargetEntry.Of(kept[i]) is { } entry)
                {
                    _artifacts[Uri.UnescapeDataString(entry.FileName)] = entry;
                }
            }
        }
    }
}
