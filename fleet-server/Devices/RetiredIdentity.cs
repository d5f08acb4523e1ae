namespace Messaging.FleetServer.Devices;

/// <summary>An identity key that was replaced. Epochs that it signed before may still arrive from a spool.</summary>
/// <param name="Point">Uncompressed P-256 point, 65 bytes.</param>
/// <param name="ThroughEpochNo">The epoch in which the replacement was announced: the last that it may have signed.</param>
internal sealed record RetiredIdentity(byte[] Point, long ThroughEpochNo);
