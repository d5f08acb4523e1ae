using Messaging.Wire;

namespace Messaging.FleetServer.Devices;

/// <summary>The running boot of a device: what its newest epoch and batches say of it.</summary>
/// <param name="Id">The boot.</param>
/// <param name="EpochNo">The epoch that told of it.</param>
/// <param name="UptimeMs">The device's uptime when it told, in milliseconds.</param>
/// <param name="ReceivedAt">When that arrived here: the uptime now is at least this much higher.</param>
internal sealed record DeviceBoot(BootId Id, ulong EpochNo, ulong UptimeMs, DateTimeOffset ReceivedAt)
{
    public TimeSpan UptimeAt(DateTimeOffset now) => TimeSpan.FromMilliseconds(UptimeMs) + (now - ReceivedAt);

    /// <summary>Takes over a later word of the same boot that travelled faster: the one that gives the higher uptime is nearer to the truth.</summary>
    public DeviceBoot Refine(BootId id, ulong uptimeMs, DateTimeOffset receivedAt) =>
        id == Id && TimeSpan.FromMilliseconds(uptimeMs) > UptimeAt(receivedAt)
            ? this with { UptimeMs = uptimeMs, ReceivedAt = receivedAt }
            : this;
}
