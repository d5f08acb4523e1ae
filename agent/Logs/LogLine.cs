namespace Messaging.Agent.Logs;

/// <summary>One line of a log.</summary>
/// <param name="Time">When it was written if the source knows, else when it was read.</param>
/// <param name="Severity">OpenTelemetry SeverityNumber 1..24; 0 when unknown.</param>
/// <param name="Source">Where it came from; the same instance for all lines of one source.</param>
/// <param name="Body">The text, valid UTF-16, without its newline.</param>
/// <param name="Attributes">Details, or null.</param>
internal sealed record LogLine(
    LineTime Time,
    int Severity,
    LogOrigin Source,
    string Body,
    IReadOnlyList<KeyValuePair<string, string>>? Attributes);
