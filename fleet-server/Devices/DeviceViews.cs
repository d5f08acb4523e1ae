using Messaging.FleetServer.Pauses;
using Messaging.FleetServer.Telemetry.Queries;
using Messaging.FleetServer.Twin;
using Messaging.Wire;

namespace Messaging.FleetServer.Devices;

/// <summary>Puts registry, presence and telemetry of devices together for the API.</summary>
internal sealed class DeviceViews(IDeviceRegistry registry, DeviceTelemetryQueries telemetry, LatestValues latest, PauseBook pauses, TwinBook twins)
{
    public DeviceView? Find(string deviceId) => registry.Find(deviceId) is { } device ? Of([device])[0] : null;

    public IReadOnlyList<DeviceView> Of(IReadOnlyList<DeviceSnapshot> devices)
    {
        if (devices.Count == 0)
        {
            return [];
        }

        var extras = telemetry.Read([.. devices.Select(static device => device.Id)]);
        return [.. devices.Select(device => DeviceView.Of(device, extras.GetValueOrDefault(device.Id, DeviceTelemetry.None), latest.Of(device.Id)) with
        {
            Twin = TwinRules.Word(twins.Of(device.Id).State),
            Pause = PauseView.Of(pauses.Of(PrincipalId.Parse(device.Id))),
        })];
    }
}
