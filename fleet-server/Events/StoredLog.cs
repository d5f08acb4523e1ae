using Messaging.FleetServer.Clocks;

namespace Messaging.FleetServer.Events;

/// <summary>One stored log line. Times are Unix milliseconds.</summary>
/// <param name="Id">Rises with arrival.</param>
/// <param name="Severity">OpenTelemetry's SeverityNumber, 0 when unspecified.</param>
/// <param name="AttributesJson">A JSON object with sorted keys, "{}" when there are none.</param>
internal sealed record StoredLog(
    long Id, long Time, long ReceivedAt, int Severity, string Source, string Body, string AttributesJson, TimeQuality Quality);
