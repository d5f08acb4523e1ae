namespace Messaging.Telemetry;

/// <summary>A log line.</summary>
/// <param name="UnixMs">When it was written, or read where it says no time, in Unix milliseconds.</param>
/// <param name="Severity">OpenTelemetry's SeverityNumber, 1 (trace) to 24 (fatal); 0 if it says none.</param>
/// <param name="Source">Where it was found.</param>
/// <param name="Body">The line, at most 64 KiB in UTF-8.</param>
/// <param name="Attributes">At most 64 pairs.</param>
public sealed record LogEntry(
    long UnixMs, int Severity, LogSource Source, string Body, IReadOnlyList<KeyValuePair<string, string>> Attributes)
{
    /// <summary>The most bytes of a body.</summary>
    public const int MaxBodyBytes = 64 * 1024;

    /// <summary>The highest severity.</summary>
    public const int MaxSeverity = 24;
}
