namespace Messaging.FleetServer.Telemetry;

/// <summary>The state of a replay window to be stored with what it let in.</summary>
/// <param name="Epoch">Its epoch, which may be new in the same group.</param>
internal sealed record WindowRow(EpochRow Epoch, uint StreamId, byte[] State);
