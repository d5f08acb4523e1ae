using Messaging.FleetServer.Storage;
using Messaging.Wire;

namespace Messaging.FleetServer.Devices;

/// <summary>The registry as the server's own parts use it: stored entries with their keys, and presence. Thread safe.</summary>
internal interface IDeviceDirectory
{
    /// <summary>
    /// Calls the handler after each change, when it is durable, in the order of the changes of one device. It neither blocks nor throws.
    /// </summary>
    void Subscribe(Action<DeviceChange> handler);

    /// <summary>All stored entries. Not to be changed.</summary>
    IReadOnlyList<Device> Stored { get; }

    /// <summary>The stored entry, null when there is none. Not to be changed.</summary>
    Device? Get(PrincipalId id);

    DevicePresence? Presence(PrincipalId id);

    bool IsOnline(PrincipalId id);

    /// <summary>Stores a new device together with what <paramref name="with"/> does, or neither.</summary>
    /// <param name="device">The device.</param>
    /// <param name="with">Runs in the same transaction; false gives up.</param>
    /// <returns>What <paramref name="with"/> returned.</returns>
    /// <exception cref="InvalidOperationException">There is such a device already.</exception>
    Task<bool> AddAsync(Device device, Func<FleetDbContext, CancellationToken, Task<bool>> with, CancellationToken cancellationToken);

    /// <summary>
    /// Changes a copy of the entry and makes it durable before anybody sees it. A change that returns false is not stored.
    /// Returns the entry as it is afterwards, null when there is no such device.
    /// </summary>
    Task<Device?> ChangeAsync(PrincipalId id, Func<Device, bool> change, CancellationToken cancellationToken);

    /// <summary>Changes presence in memory; tells the live view when what it shows has changed.</summary>
    void ChangePresence(PrincipalId id, Func<DevicePresence, DevicePresence> change);

    /// <summary>The link to the relay is gone: nobody is known to be connected.</summary>
    void ForgetConnections();
}
