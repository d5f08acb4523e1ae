using Messaging.Updates.Metadata;
using Messaging.Updates.Releases;

namespace Messaging.Cli.Artifacts;

/// <summary>What a delta starts from: a file, or a release that the server has.</summary>
/// <param name="Name">For people.</param>
/// <param name="File">The file; null: it is to be fetched.</param>
/// <param name="Target">The release's target.</param>
/// <param name="Release">The release.</param>
internal sealed record DeltaOrigin(string Name, HashedContent? File, TargetFile? Target, Release? Release);
