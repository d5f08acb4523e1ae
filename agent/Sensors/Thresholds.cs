using Messaging.Agent.Configuration;

namespace Messaging.Agent.Sensors;

/// <summary>
/// Limits of a value. A limit is passed when the value reaches it, and left when the value is back behind it by the hysteresis. Pure.
/// </summary>
internal sealed record Thresholds(double? WarnAbove, double? CriticalAbove, double? WarnBelow, double? CriticalBelow, double Hysteresis)
{
    public bool IsEmpty => WarnAbove is null && CriticalAbove is null && WarnBelow is null && CriticalBelow is null;

    public static Thresholds Of(SensorOptions options) =>
        new(options.WarnAbove, options.CriticalAbove, options.WarnBelow, options.CriticalBelow, options.Hysteresis);

    /// <summary>Where a value is that was at <paramref name="before"/>.</summary>
    public ThresholdLevel Judge(double value, ThresholdLevel before) =>
        IsAbove(CriticalAbove, value, before >= ThresholdLevel.CriticalHigh) ? ThresholdLevel.CriticalHigh
        : IsBelow(CriticalBelow, value, before <= ThresholdLevel.CriticalLow) ? ThresholdLevel.CriticalLow
        : IsAbove(WarnAbove, value, before >= ThresholdLevel.WarningHigh) ? ThresholdLevel.WarningHigh
        : IsBelow(WarnBelow, value, before <= ThresholdLevel.WarningLow) ? ThresholdLevel.WarningLow
        : ThresholdLevel.Normal;

    /// <summary>The limit that makes this level; null for normal.</summary>
    public double? Limit(ThresholdLevel level) => level switch
    {
        ThresholdLevel.CriticalHigh => CriticalAbove,
        ThresholdLevel.WarningHigh => WarnAbove,
        ThresholdLevel.WarningLow => WarnBelow,
        ThresholdLevel.CriticalLow => CriticalBelow,
        _ => null,
    };

    private bool IsAbove(double? limit, double value, bool wasAbove) => limit is { } at && (value >= at || (wasAbove && value > at - Hysteresis));

    private bool IsBelow(double? limit, double value, bool wasBelow) => limit is { } at && (value <= at || (wasBelow && value < at + Hysteresis));
}
