namespace Messaging.Cli.Artifacts;

/// <summary>The repository, as the server answers it.</summary>
/// <param name="State">none, ready or attention.</param>
/// <param name="Warnings">What somebody has to do something about.</param>
/// <param name="OnlineKey">The server's key for snapshot and timestamp.</param>
/// <param name="Root">The newest root; null: there is none.</param>
/// <param name="Targets">The published targets; null: there are none.</param>
/// <param name="Drafts">What waits for signatures, or to be published.</param>
/// <param name="Artifacts">How much room they take.</param>
internal sealed record RepositoryReply(
    string? State,
    IReadOnlyList<WarningReply>? Warnings,
    RepositoryKeyReply? OnlineKey,
    MetadataReply? Root,
    MetadataReply? Targets,
    MetadataReply? Snapshot,
    MetadataReply? Timestamp,
    IReadOnlyList<DraftReply>? Drafts,
    ArtifactsReply? Artifacts);
