using System.Collections.Concurrent;
using Messaging.FleetServer.Devices;
using Messaging.FleetServer.Events;

namespace Messaging.FleetServer.Tests.Harness;

/// <summary>A registry of devices that the test puts in.</summary>
internal sealed class FakeDevices(IFleetEvents events) : IDeviceRegistry
{
    private readonly ConcurrentDictionary<string, DeviceSnapshot> _devices = new(StringComparer.Ordinal);

    public static DeviceSnapshot Device(string id, string? name = null) => new()
    {
        Id = id,
        Name = name ?? $"device {id[..4]}",
        Status = DeviceStatus.Active,
        StatusReason = "",
        Online = true,
        Connected = true,
        Transport = "mqtt5+tls",
        CreatedAt = DateTimeOffset.UnixEpoch,
        EnrolledAt = DateTimeOffset.UnixEpoch,
        LastSeen = DateTimeOffset.UnixEpoch.AddMilliseconds(1_700_000_000_123),
        Uptime = TimeSpan.FromSeconds(75.5),
        Tags = [],
        Groups = [],
        Facts = new Dictionary<string, string>(StringComparer.Ordinal) { ["host.name"] = $"host-{id[..4]}" },
        Intervals = new Dictionary<string, long>(StringComparer.Ordinal) { ["cpu"] = 2000 },
        AllowedCommands = ["ping"],
        Scripts = [],
        Units = [],
    };

    public DeviceSnapshot Add(DeviceSnapshot device) => _devices[device.Id] = device;

    public IReadOnlyList<DeviceSnapshot> List() => [.. _devices.Values];

    public DeviceSnapshot? Find(string deviceId) => _devices.GetValueOrDefault(deviceId);

    public Task<DeviceSnapshot?> UpdateAsync(string deviceId, string? name, IReadOnlyList<string>? tags, CancellationToken cancellationToken)
    {
        if (Find(deviceId) is not { } device)
        {
            return Task.FromResult<DeviceSnapshot?>(null);
        }

        var changed = Add(device with { Name = name ?? device.Name, Tags = tags ?? device.Tags });
        events.Publish(new DeviceChanged(deviceId));
        return Task.FromResult<DeviceSnapshot?>(changed);
    }

    public Task<bool> RevokeAsync(string deviceId, string reason, CancellationToken cancellationToken)
    {
        if (Find(deviceId) is not { } device)
        {
            return Task.FromResult(false);
        }

        Add(device with { Status = DeviceStatus.Revoked, StatusReason = reason, Online = false });
        return Task.FromResult(true);
    }
}
