using Messaging.FleetServer.Clocks;
using Messaging.Wire;

namespace Messaging.FleetServer.Telemetry;

/// <summary>A log line to be stored. Times are Unix milliseconds.</summary>
internal sealed record LogRow(
    PrincipalId Device, long Time, long ReceivedAt, int Severity, string Source, string Body, string AttributesJson, TimeQuality Quality = TimeQuality.Exact)
{
    /// <summary>The boot by which it is dated, unless the device's clock dates it, and the milliseconds since that began.</summary>
    public (BootTimeline Boot, long MonoMs)? Moment { get; init; }

    /// <summary>Set when the group is written.</summary>
    public long Id { get; set; }
}
