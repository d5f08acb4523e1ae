using Messaging.Updates;
using Messaging.Updates.Metadata;
using Messaging.Updates.Repository;

namespace Messaging.FleetServer.Updates.Metadata;

/// <summary>A root or targets that wait for signatures. Immutable.</summary>
/// <param name="Document">What is signed, and by whom so far.</param>
/// <param name="Version">Its version.</param>
/// <param name="Expires">When it ends.</param>
/// <param name="Root">What it says when it is a root.</param>
/// <param name="Targets">What it says when it is targets.</param>
internal sealed record Draft(TufDocument Document, long Version, DateTimeOffset Expires, RootPlan? Root, TargetsMetadata? Targets)
{
    public string Role => Document.Role;

    /// <summary>The targets that it lists.</summary>
    public IEnumerable<TargetFile> Files => Targets is { } targets ? Enumerable.Range(0, targets.Count).Select(i => targets[i]) : [];

    /// <summary>The paths of targets by the SHA-256 of their artifacts.</summary>
    public IReadOnlyDictionary<string, string> Names { get; } = Targets is null ? new Dictionary<string, string>(StringComparer.Ordinal) : PublishedMetadata.NamesOf(Targets);

    /// <exception cref="TufException">It is no such metadata.</exception>
    public static Draft Of(TufDocument document)
    {
        var file = document.Encode();
        if (document.Role == MetadataNames.Root)
        {
            var root = RootMetadata.Parse(file);
            return new Draft(document, root.Version, root.Expires, RootPlan.Of(root), null);
        }

        var targets = TargetsMetadata.Parse(file);
        return new Draft(document, targets.Version, targets.Expires, null, targets);
    }
}
