namespace Messaging.FleetServer.Telemetry.Queries;

/// <summary>One reason over all devices.</summary>
/// <param name="Devices">How many devices it was counted for.</param>
/// <param name="LastAt">Unix milliseconds.</param>
/// <param name="LastDeviceId">The device that it was counted for last.</param>
internal sealed record RejectionTotal(string Side, string Reason, long Count, int Devices, long LastAt, string LastDeviceId);
