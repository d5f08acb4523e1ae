using Messaging.Streams;
using Messaging.Wire;

namespace Messaging.FleetServer.Telemetry;

/// <summary>An epoch as it is stored.</summary>
internal sealed class EpochRow
{
    /// <summary>0 until it is stored.</summary>
    public long Id { get; set; }

    public required PrincipalId Device { get; init; }

    public required EpochId EpochId { get; init; }

    public required ulong EpochNo { get; init; }

    public required byte[] OpenFrame { get; init; }

    public required BootId BootId { get; init; }

    public required ulong UptimeMs { get; init; }

    public required DateTimeOffset OpenedAt { get; init; }

    public required EpochId? PrevEpochId { get; init; }

    public required IReadOnlyList<StreamSeq> PrevLast { get; init; }

    /// <summary>The last sequence number of each stream, once everything up to them is stored or known to be lost.</summary>
    public IReadOnlyList<StreamSeq>? Final { get; set; }

    /// <summary>Definitions of series that are stored; filled when the row is loaded.</summary>
    public int StoredSeries { get; set; }

    /// <summary>Saved replay windows by stream; filled when the row is loaded.</summary>
    public Dictionary<uint, byte[]> Windows { get; } = [];
}
