using Messaging.Telemetry;

namespace Messaging.FleetServer.Clocks;

/// <summary>Gives times to what a batch holds. Never one after its arrival, and never one before there were devices.</summary>
internal sealed class Dating
{
    /// <summary>What our clock and a device's may differ by.</summary>
    public const long ToleranceMs = 120_000;

    /// <summary>2020-01-01: no clock that is right says less.</summary>
    public const long EarliestUnixMs = 1_577_836_800_000;

    /// <summary>What a clock that a device believes may be away from a beacon that it accepted.</summary>
    private const long BeaconToleranceMs = 300_000;
    private const long DeviceUncertaintyMs = 1000;
    private readonly long _receivedAt;
    private readonly long? _exactStart;

    private Dating(BootTimeline? timeline, long receivedAt, long? exactStart, TimeQuality quality)
    {
        Timeline = timeline;
        _receivedAt = receivedAt;
        _exactStart = exactStart;
        Quality = quality;
    }

    /// <summary>The boot; null for one more than a device may have.</summary>
    public BootTimeline? Timeline { get; }

    public TimeQuality Quality { get; }

    /// <summary>For a boot for which there is no room: by the device's clock, else as if what came had been closed a moment before.</summary>
    public static Dating Loose(BootTime closed, long receivedAt) => closed.WallUnixMs is { } wall && IsPossible(wall, receivedAt)
        ? new Dating(null, receivedAt, wall - closed.MonoMs, TimeQuality.Exact)
        : new Dating(null, receivedAt, receivedAt - closed.MonoMs, TimeQuality.Estimated);

    /// <summary>Learns from the moment at which a batch was closed, and says how what it holds is dated.</summary>
    public static Dating Of(BootTimeline timeline, BootTime closed, long receivedAt)
    {
        timeline.Note(closed.MonoMs, receivedAt);
        if (closed.WallUnixMs is { } wall && IsCredible(timeline, closed.MonoMs, wall, receivedAt))
        {
            timeline.Add(new Anchor(closed.MonoMs, wall, DeviceUncertaintyMs, AnchorSource.Device));
            return new Dating(timeline, receivedAt, wall - closed.MonoMs, TimeQuality.Exact);
        }

        return Of(timeline, closed.MonoMs, receivedAt);
    }

    /// <summary>How something of the boot is dated that says nothing of the time itself.</summary>
    public static Dating Of(BootTimeline timeline, long monoMs, long receivedAt) => new(timeline, receivedAt, null, timeline.Nearest(monoMs) switch
    {
        { Source: not AnchorSource.Log } => TimeQuality.Anchored,
        _ when timeline.EstimatedStart is not null => TimeQuality.Estimated,
        _ => TimeQuality.Unplaced,
    });

    /// <returns>Unix milliseconds; that of the arrival where nothing is known.</returns>
    public long UnixMs(long monoMs) => Clamp(
        _exactStart + monoMs
        ?? (Quality == TimeQuality.Estimated ? Timeline!.EstimatedStart + monoMs : null)
        ?? (Quality == TimeQuality.Anchored ? Timeline!.Nearest(monoMs)?.UnixMsAt(monoMs) : null)
        ?? _receivedAt,
        _receivedAt);

    /// <summary>What has arrived has happened.</summary>
    public static long Clamp(long unixMs, long receivedAt) => Math.Clamp(unixMs, EarliestUnixMs, Math.Max(EarliestUnixMs, receivedAt + ToleranceMs));

    private static bool IsPossible(long wall, long receivedAt) => wall >= EarliestUnixMs && wall <= receivedAt + ToleranceMs;

    /// <summary>A device's clock is its own affair, but it is not believed against what is known better.</summary>
    private static bool IsCredible(BootTimeline timeline, long monoMs, long wall, long receivedAt)
    {
        if (!IsPossible(wall, receivedAt))
        {
            return false;
        }

        if (timeline.Nearest(monoMs, static anchor => anchor.Source == AnchorSource.Beacon) is { } beacon
            && Math.Abs(wall - beacon.UnixMsAt(monoMs)) > BeaconToleranceMs + beacon.ErrorAt(monoMs))
        {
            return false;
        }

        // What was sent came later: a receipt says how late it can be at most, and not how early.
        return timeline.Nearest(monoMs, static anchor => anchor.Source == AnchorSource.Receipt) is not { } receipt
            || wall <= receipt.UnixMsAt(monoMs) + ToleranceMs + receipt.ErrorAt(monoMs);
    }
}
