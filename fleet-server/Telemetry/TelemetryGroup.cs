using Messaging.FleetServer.Clocks;
using Messaging.FleetServer.Commands.Output;
using Messaging.FleetServer.Files;
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

    public List<EpochSeriesRow> Series { get; } = [];

    public List<SeriesPoints> Points { get; } = [];

    public List<LogRow> Logs { get; } = [];

    public List<EventRow> Events { get; } = [];

    public List<OutputRow> Outputs { get; } = [];

    public List<GapRow> Gaps { get; } = [];

    public List<RejectionRow> Rejections { get; } = [];

    /// <summary>Files that began, came further or ended.</summary>
    public HashSet<FileRow> Files { get; } = [];

    /// <summary>Complete files that made room for others.</summary>
    public List<FileRow> ExpiredFiles { get; } = [];

    /// <summary>Devices with too many entries, and how many of the oldest are forgotten.</summary>
    public Dictionary<PrincipalId, int> TrimmedFiles { get; } = [];

    public bool IsEmpty => NewEpochs.Count + FinishedEpochs.Count + Boots.Count + Windows.Count + Series.Count + Points.Count + Logs.Count + Events.Count
        + Outputs.Count + Gaps.Count + Rejections.Count + Files.Count + ExpiredFiles.Count + TrimmedFiles.Count == 0;
}
