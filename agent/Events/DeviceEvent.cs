namespace Messaging.Agent.Events;

/// <summary>Something that happened on this device and that an operator should see.</summary>
/// <param name="Name">Dotted stable name, such as <c>log.file.truncated</c>.</param>
/// <param name="Severity">OpenTelemetry SeverityNumber (9 info, 13 warn, 17 error).</param>
/// <param name="Attributes">Details; values are text for people.</param>
internal sealed record DeviceEvent(string Name, int Severity, IReadOnlyList<KeyValuePair<string, string>> Attributes)
{
    public const int Info = 9;
    public const int Warning = 13;
    public const int Error = 17;
}
