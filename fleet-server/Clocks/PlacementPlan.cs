namespace Messaging.FleetServer.Clocks;

/// <summary>Decides how the rows of a boot that have no time yet get one. Pure.</summary>
internal static class PlacementPlan
{
    /// <summary>A device of an older version does not say what its uptime is now: what comes at once after a connection may have been kept.</summary>
    public static readonly TimeSpan Settle = TimeSpan.FromMinutes(1);

    /// <summary>A boot of which records are missing for so long counts as delivered.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromHours(24);

    /// <summary>What a record that was closed may have waited for the next flush.</summary>
    private const long ReceiptUncertaintyMs = 30_000;

    /// <param name="boot">With rows to be placed.</param>
    /// <param name="all">All boots of the device.</param>
    /// <param name="pendingSince">When the first of these rows came, Unix milliseconds.</param>
    /// <param name="isDelivered">Whether everything of a boot's epochs is there.</param>
    /// <param name="now">Unix milliseconds.</param>
    public static Placing Decide(BootTimeline boot, IReadOnlyList<BootTimeline> all, long pendingSince, Func<BootTimeline, bool> isDelivered, long now)
    {
        if (IsAnchored(boot))
        {
            return new Placing.ByAnchors();
        }

        if (boot.EstimatedStart is not null)
        {
            return new Placing.ByEstimate([]);
        }

        if (boot.FirstEpoch is not { } order)
        {
            return OfALog(boot, all, now);
        }

        var ordered = all.Where(one => one.FirstEpoch is not null).OrderBy(one => one.FirstEpoch).ToList();
        if (ordered[^1].FirstEpoch == order)
        {
            return now - pendingSince >= Settle.TotalMilliseconds
                ? new Placing.ByReceipt(new Anchor(boot.LastMonoMs, boot.LatestStart + boot.LastMonoMs, ReceiptUncertaintyMs, AnchorSource.Receipt))
                : new Placing.Waiting();
        }

        return BetweenNeighbours(ordered, ordered.FindIndex(one => one.FirstEpoch == order), one => isDelivered(one) || now - one.LastRecordAt >= Patience.TotalMilliseconds);
    }

    private static bool IsAnchored(BootTimeline boot) => boot.Anchors.Exists(static anchor => anchor.Source != AnchorSource.Log);

    private static bool IsKnown(BootTimeline boot) => IsAnchored(boot) || boot.EstimatedStart is not null;

    private static long At(BootTimeline boot, long monoMs) => boot.Nearest(monoMs, static anchor => anchor.Source != AnchorSource.Log)?.UnixMsAt(monoMs) ?? boot.EstimatedStart!.Value + monoMs;

    private static Placing BetweenNeighbours(List<BootTimeline> ordered, int index, Func<BootTimeline, bool> isOver)
    {
        var (first, last) = (index, index);
        while (first > 0 && !IsKnown(ordered[first - 1]))
        {
            first--;
        }

        while (last + 1 < ordered.Count && !IsKnown(ordered[last + 1]))
        {
            last++;
        }

        var run = ordered[first..(last + 1)];
        if (last + 1 == ordered.Count || !run.TrueForAll(boot => isOver(boot)))
        {
            return new Placing.Waiting();
        }

        long? after = first > 0 ? At(ordered[first - 1], ordered[first - 1].LastMonoMs) : null;
        var before = At(ordered[last + 1], 0);
        var starts = BootEstimate.Starts([.. run.Select(boot => boot.LastMonoMs)], after, before);
        return new Placing.ByEstimate([.. run.Select((boot, i) => (boot.Id, run.Count == 1 ? Claimed(boot, after, before) ?? starts[i] : starts[i]))]);
    }

    /// <summary>What a log says of the boot, if there is room for it.</summary>
    private static long? Claimed(BootTimeline boot, long? after, long before) =>
        boot.Nearest(0)?.UnixMsAt(0) is { } start && start >= (after ?? long.MinValue) && start + boot.LastMonoMs <= before ? start : null;

    /// <summary>A boot of which there are lines and nothing else: by what they say, else before everything that is known of the device.</summary>
    private static Placing OfALog(BootTimeline boot, IReadOnlyList<BootTimeline> all, long now)
    {
        if (boot.Nearest(0)?.UnixMsAt(0) is { } start)
        {
            return new Placing.ByEstimate([(boot.Id, start)]);
        }

        var known = all.Where(IsKnown).Select(one => At(one, 0)).ToList();
        return now - boot.LastRecordAt < Settle.TotalMilliseconds
            ? new Placing.Waiting()
            : new Placing.ByEstimate([(boot.Id, (known.Count > 0 ? Math.Min(known.Min(), boot.LastRecordAt) : boot.LastRecordAt) - boot.LastMonoMs)]);
    }
}
