namespace Messaging.Telemetry;

/// <summary>Something that happened on a device.</summary>
/// <param name="Ms">
/// When: milliseconds since the boot of the batch. In version 1 of the batch: Unix milliseconds, or null if the device has no clock that it
/// would believe.
/// </param>
/// <param name="Name">A plain or reverse-domain name, at most 128 bytes: "agent.started".</param>
/// <param name="Severity">OpenTelemetry's SeverityNumber, 1 to 24; 0 for none.</param>
/// <param name="Attributes">At most 64 pairs.</param>
public sealed record DeviceEvent(long? Ms, string Name, int Severity, IReadOnlyList<KeyValuePair<string, string>> Attributes);
