using Messaging.FleetServer.Telemetry.Queries;

namespace Messaging.FleetServer.Devices;

/// <param name="Side">"server" or "device": who refused.</param>
/// <param name="Devices">How many devices it was counted for.</param>
/// <param name="LastDeviceName">Null when the device is no longer known.</param>
internal sealed record RejectionTotalView(
    string Side, string Reason, long Count, int Devices, DateTimeOffset LastAt, string LastDeviceId, string? LastDeviceName)
{
    public static RejectionTotalView Of(RejectionTotal total, DeviceSnapshot? device) => new(
        total.Side, total.Reason, total.Count, total.Devices,
        DateTimeOffset.FromUnixTimeMilliseconds(total.LastAt), total.LastDeviceId, device?.Name);
}
