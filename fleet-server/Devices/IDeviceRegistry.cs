namespace Messaging.FleetServer.Devices;

/// <summary>The devices of the fleet, held in memory and written through to the registry database. Thread safe.</summary>
internal interface IDeviceRegistry
{
    /// <summary>All devices, in no order. A copy: cheap enough to filter and page.</summary>
    IReadOnlyList<DeviceSnapshot> List();

    /// <param name="deviceId">32 lower hex digits.</param>
    DeviceSnapshot? Find(string deviceId);

    /// <summary>Renames or retags; null leaves a field as it is. Returns null when there is no such device.</summary>
    /// <exception cref="Validation.InvalidInputException">A name or tag is empty or too long (see <see cref="DeviceLimits"/>).</exception>
    Task<DeviceSnapshot?> UpdateAsync(string deviceId, string? name, IReadOnlyList<string>? tags, CancellationToken cancellationToken);

    /// <summary>
    /// Cuts the device off: durable first, then the relay's directory, its epochs and its waiting commands.
    /// Returns false when there is no such device; repeating it changes nothing.
    /// </summary>
    Task<bool> RevokeAsync(string deviceId, string reason, CancellationToken cancellationToken);
}
