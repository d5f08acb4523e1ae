using Messaging.FleetServer.Clocks;
using Messaging.Wire;

namespace Messaging.FleetServer.Telemetry;

/// <summary>An event to be stored. Times are Unix milliseconds.</summary>
internal sealed record EventRow(PrincipalId Device, long Time, long ReceivedAt, string Name, int Severity, string AttributesJson, TimeQuality Quality = TimeQuality.Exact)
{
    /// <summary>The boot by which it is dated, unless the device's clock dates it, and the milliseconds since that began.</summary>
    public (BootTimeline Boot, long MonoMs)? Moment { get; init; }
}
