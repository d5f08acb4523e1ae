namespace Messaging.FleetServer.Updates;

/// <summary>The repository at one moment.</summary>
/// <param name="State"><c>none</c>: nothing was published; <c>ready</c>; <c>attention</c>: see the warnings.</param>
/// <param name="Warnings">What somebody has to do something about.</param>
/// <param name="OnlineKey">This server's key for snapshot and timestamp.</param>
/// <param name="Root">The newest root.</param>
/// <param name="Targets">The published targets.</param>
/// <param name="Snapshot">Signed by this server.</param>
/// <param name="Timestamp">Signed by this server.</param>
/// <param name="Drafts">What waits for signatures, or to be published.</param>
/// <param name="Artifacts">How much room they take.</param>
internal sealed record RepositoryView(
    string State,
    IReadOnlyList<RepositoryWarning> Warnings,
    RepositoryKeyView OnlineKey,
    RootView? Root,
    MetadataView? Targets,
    MetadataView? Snapshot,
    MetadataView? Timestamp,
    IReadOnlyList<DraftView> Drafts,
    ArtifactsView Artifacts);
