namespace Messaging.FleetServer.Telemetry.Queries;

/// <param name="Side">"server" or "device": who refused.</param>
/// <param name="LastAt">Unix milliseconds.</param>
internal sealed record StoredRejection(string Side, string Reason, long Count, long LastAt);
