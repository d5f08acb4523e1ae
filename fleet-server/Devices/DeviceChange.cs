namespace Messaging.FleetServer.Devices;

/// <summary>What changed in a device's stored entry, for the parts of the server that act on it.</summary>
/// <param name="Device">The entry after the change. Not to be changed.</param>
/// <param name="Before">The entry before it, null for a new device.</param>
internal sealed record DeviceChange(Device Device, Device? Before)
{
    /// <summary>Whether the relay must hear of it.</summary>
    public bool ConcernsDirectory => Device.Status != DeviceStatus.Pending
        && (Before is null
            || Before.Status != Device.Status
            || !Before.IdentityPoint.AsSpan().SequenceEqual(Device.IdentityPoint)
            || !Before.Groups.SequenceEqual(Device.Groups, StringComparer.Ordinal));

    public bool Activated => Device.Status == DeviceStatus.Active && Before?.Status != DeviceStatus.Active;

    public bool Revoked => Device.Status == DeviceStatus.Revoked && Before?.Status != DeviceStatus.Revoked;

    public bool HpkeKeyChanged => Before is not null && !Before.HpkePoint.AsSpan().SequenceEqual(Device.HpkePoint);
}
