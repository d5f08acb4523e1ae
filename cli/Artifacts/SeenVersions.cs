namespace Messaging.Cli.Artifacts;

/// <param name="Root">The version of the newest root.</param>
/// <param name="RootDigest">What it says, by its digest.</param>
/// <param name="Targets">The version of the newest targets.</param>
internal sealed record SeenVersions(long Root, string RootDigest, long Targets);
