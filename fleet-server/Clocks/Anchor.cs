namespace Messaging.FleetServer.Clocks;

/// <summary>A moment of a boot of which the true time is known.</summary>
/// <param name="MonoMs">Milliseconds since the boot.</param>
/// <param name="UnixMs">The true time then, in Unix milliseconds.</param>
/// <param name="UncertaintyMs">How far that may be off.</param>
/// <param name="Source">Who says so.</param>
internal readonly record struct Anchor(long MonoMs, long UnixMs, long UncertaintyMs, AnchorSource Source)
{
    /// <summary>A quartz that nobody disciplines is off by less than 100 parts in a million: 10 s in a day.</summary>
    private const long DriftDivisor = 10_000;

    /// <summary>When the boot began, by this anchor; Unix milliseconds.</summary>
    public long StartUnixMs => UnixMs - MonoMs;

    public long UnixMsAt(long monoMs) => UnixMs + (monoMs - MonoMs);

    public long ErrorAt(long monoMs) => UncertaintyMs + Drift(monoMs - MonoMs);

    public static long Drift(long spanMs) => Math.Abs(spanMs) / DriftDivisor;
}
