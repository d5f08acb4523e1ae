namespace Messaging.Cli.Artifacts;

/// <summary>A metadata file that devices are shown.</summary>
internal sealed record MetadataReply(long Version, DateTimeOffset Expires);
