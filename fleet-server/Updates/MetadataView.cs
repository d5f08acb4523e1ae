namespace Messaging.FleetServer.Updates;

/// <summary>A metadata file.</summary>
/// <param name="Count">Of targets: how many it lists.</param>
internal sealed record MetadataView(long Version, DateTimeOffset Expires, int? Count);
