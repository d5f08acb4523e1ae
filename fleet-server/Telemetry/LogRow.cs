using Messaging.Wire;

namespace Messaging.FleetServer.Telemetry;

/// <summary>A log line to be stored. Times are Unix milliseconds.</summary>
internal sealed record LogRow(
    PrincipalId Device, long Time, long ReceivedAt, int Severity, string Source, string Body, string AttributesJson)
{
    /// <summary>Set when the group is written.</summary>
    public long Id { get; set; }
}
