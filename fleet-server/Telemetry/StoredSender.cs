using Messaging.FleetServer.Clocks;

namespace Messaging.FleetServer.Telemetry;

/// <summary>What is stored of a device's epochs.</summary>
/// <param name="Floor">Epoch numbers up to this one are over.</param>
internal sealed record StoredSender(ulong Floor, IReadOnlyList<EpochRow> Epochs)
{
    /// <summary>In the order in which they were heard of.</summary>
    public IReadOnlyList<BootTimeline> Boots { get; init; } = [];
}
