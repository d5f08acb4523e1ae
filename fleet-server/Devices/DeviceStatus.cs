namespace Messaging.FleetServer.Devices;

/// <summary>Where a device stands with its owner. Stored by number.</summary>
internal enum DeviceStatus
{
    /// <summary>It asked to join and waits for an operator.</summary>
    Pending = 0,
    Active = 1,

    /// <summary>Rejected or cut off: for good, because the name is the fingerprint of a key.</summary>
    Revoked = 2,
}
