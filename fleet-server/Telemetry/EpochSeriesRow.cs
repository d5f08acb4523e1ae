namespace Messaging.FleetServer.Telemetry;

/// <summary>What a number stands for in an epoch, which may be new in the same group.</summary>
internal sealed record EpochSeriesRow(EpochRow Epoch, uint Id, byte[] Definition);
