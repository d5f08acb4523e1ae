using Messaging.FleetServer.Clocks;

namespace Messaging.FleetServer.Telemetry.Queries;

/// <summary>An event of a device. Times are Unix milliseconds.</summary>
internal sealed record StoredEvent(long Id, long Time, long ReceivedAt, string Name, int Severity, string AttributesJson, TimeQuality Quality);
