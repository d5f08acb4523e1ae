namespace Messaging.FleetServer.Telemetry.Queries;

/// <summary>A boot of a device, and how well it is known when it was.</summary>
/// <param name="BootId">32 hexadecimal digits.</param>
/// <param name="Began">Null while nothing is known.</param>
/// <param name="KnownUntil">It went on at least until then; null while nothing is known.</param>
/// <param name="UptimeMs">It went on for at least so many milliseconds.</param>
/// <param name="TimeQuality">
/// <c>exact</c> (its own clock was right at some time), <c>anchored</c>, <c>estimated</c> or <c>unplaced</c>.
/// </param>
/// <param name="Source">Where that is from: <c>beacon</c>, <c>receipt</c>, <c>device</c>, <c>neighbours</c>; null while nothing is known.</param>
/// <param name="UncertaintyMs">How far off it may be; null for an estimate.</param>
/// <param name="UnplacedPoints">Measurements that wait for a time.</param>
/// <param name="LastRecordAt">When the last of its records came.</param>
internal sealed record BootView(
    string BootId,
    DateTimeOffset? Began,
    DateTimeOffset? KnownUntil,
    long UptimeMs,
    string TimeQuality,
    string? Source,
    long? UncertaintyMs,
    long UnplacedPoints,
    DateTimeOffset LastRecordAt);
