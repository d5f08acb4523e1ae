namespace Messaging.FleetServer.Clocks;

/// <summary>The words of the API, and how the table of points keeps them.</summary>
internal static class TimeQualities
{
    /// <summary>The column boot of a point that was placed by an anchor.</summary>
    public const long AnchoredMark = 0;

    /// <summary>The column boot of an estimated point of a boot that has no row.</summary>
    public const long LooseMark = -1;

    public static string Word(this TimeQuality quality) => quality switch
    {
        TimeQuality.Exact => "exact",
        TimeQuality.Anchored => "anchored",
        TimeQuality.Estimated => "estimated",
        _ => "unplaced",
    };

    /// <param name="boot">The column boot of a point.</param>
    public static TimeQuality OfPoint(long? boot) => boot switch
    {
        null => TimeQuality.Exact,
        AnchoredMark => TimeQuality.Anchored,
        _ => TimeQuality.Estimated,
    };
}
