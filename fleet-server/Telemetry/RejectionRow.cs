using Messaging.Wire;

namespace Messaging.FleetServer.Telemetry;

/// <summary>Refusals to be added to what is counted.</summary>
/// <param name="Side">"server" or "device".</param>
/// <param name="LastAt">Unix milliseconds.</param>
internal sealed record RejectionRow(PrincipalId Device, string Side, string Reason, long Count, long LastAt);
