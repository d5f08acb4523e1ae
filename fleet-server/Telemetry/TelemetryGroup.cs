using Messaging.FleetServer.Clocks;
using Messaging.Wire;

namespace Messaging.FleetServer.Telemetry;

/// <summary>What one transaction stores.</summary>
internal sealed class TelemetryGroup
{
    public List<EpochRow> NewEpochs { get; } = [];

    /// <summary>Epochs of which <see cref="EpochRow.Final"/> was set.</summary>
    public List<EpochRow> FinishedEpochs { get; } = [];

    /// <summary>Boots of which more is known than is stored.</summary>
    public Dictionary<BootTimeline, PrincipalId> Boots { get; } = [];

    public List<WindowRow> Windows { get; } = [];

    public List<SeriesPoints> Points { get; } = [];

    public List<LogRow> Logs { get; } = [];

    public List<EventRow> Events { get; } = [];

    public List<GapRow> Gaps { get; } = [];

    public List<RejectionRow> Rejections { get; } = [];

    public bool IsEmpty => NewEpochs.Count + FinishedEpochs.Count + Boots.Count + Windows.Count + Points.Count + Logs.Count + Events.Count
        + Gaps.Count + Rejections.Count == 0;
}
