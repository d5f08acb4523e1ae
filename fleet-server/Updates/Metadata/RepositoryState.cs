namespace Messaging.FleetServer.Updates.Metadata;

/// <summary>What counts at one moment. Immutable.</summary>
/// <param name="Published">What devices are shown.</param>
/// <param name="Drafts">What waits for signatures, by its role.</param>
internal sealed record RepositoryState(PublishedMetadata Published, IReadOnlyDictionary<string, Draft> Drafts)
{
    public Draft? Root => Drafts.GetValueOrDefault(MetadataNames.Root);

    public Draft? Targets => Drafts.GetValueOrDefault(MetadataNames.Targets);
}
