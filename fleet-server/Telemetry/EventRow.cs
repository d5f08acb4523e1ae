using Messaging.Wire;

namespace Messaging.FleetServer.Telemetry;

/// <summary>An event to be stored. Times are Unix milliseconds.</summary>
internal sealed record EventRow(PrincipalId Device, long Time, long ReceivedAt, string Name, int Severity, string AttributesJson);
