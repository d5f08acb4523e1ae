namespace Messaging.Cli.Artifacts;

/// <summary>What <c>fleetctl artifact list --json</c> shows.</summary>
/// <param name="Repository">The server's word.</param>
/// <param name="Releases">What is signed, and what waits.</param>
internal sealed record RepositoryListing(RepositoryReply Repository, IReadOnlyList<ReleaseRow> Releases);
