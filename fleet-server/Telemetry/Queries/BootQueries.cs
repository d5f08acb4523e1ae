using Messaging.FleetServer.Clocks;
using Messaging.Wire;

namespace Messaging.FleetServer.Telemetry.Queries;

/// <summary>Reads what is known of when the boots of a device were.</summary>
internal sealed class BootQueries(TelemetryDatabase database)
{
    /// <summary>Counted no further: whoever looks wants to know that there are many.</summary>
    private const int MaxCounted = 1_000_000;

    /// <summary>Newest first.</summary>
    public IReadOnlyList<BootView> Read(string deviceId, int limit)
    {
        using var connection = database.OpenReader();
        using var boots = new BootTable(connection);
        using var unplaced = new Statement(connection, "SELECT count(*) FROM (SELECT 1 FROM unplaced WHERE boot = ?1 LIMIT ?2)", 2);
        return [.. boots.Load(PrincipalId.Parse(deviceId))
            .OrderByDescending(static boot => boot.FirstEpoch ?? 0).ThenByDescending(static boot => boot.Id)
            .Take(limit)
            .Select(boot => View(boot, (long)unplaced.Scalar(null, boot.Id, (long)MaxCounted)!))];
    }

    private static BootView View(BootTimeline boot, long unplaced)
    {
        var anchor = boot.Nearest(boot.LastMonoMs, static one => one.Source != AnchorSource.Log);
        var isExact = boot.Anchors.Exists(static one => one.Source == AnchorSource.Device);
        var start = anchor?.UnixMsAt(0) ?? boot.EstimatedStart;
        var quality = anchor is null
            ? boot.EstimatedStart is null ? TimeQuality.Unplaced : TimeQuality.Estimated
            : isExact ? TimeQuality.Exact : TimeQuality.Anchored;
        return new BootView(
            boot.Boot.ToString(),
            Date(start),
            Date(start + boot.LastMonoMs),
            boot.LastMonoMs,
            quality.Word(),
            anchor?.Source switch
            {
                AnchorSource.Beacon => "beacon",
                AnchorSource.Receipt => "receipt",
                AnchorSource.Device => "device",
                _ => boot.EstimatedStart is null ? null : "neighbours",
            },
            anchor?.UncertaintyMs,
            unplaced,
            DateTimeOffset.FromUnixTimeMilliseconds(boot.LastRecordAt));
    }

    private static DateTimeOffset? Date(long? unixMs) =>
        unixMs is { } ms ? DateTimeOffset.FromUnixTimeMilliseconds(Dating.Clamp(ms, DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() - Dating.ToleranceMs)) : null;
}
