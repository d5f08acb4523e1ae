namespace Messaging.Telemetry;

/// <summary>A log line.</summary>
/// <param name="Ms">
/// When it was written, or read where it says no time: milliseconds since its boot. In version 1 of the batch: Unix milliseconds.
/// </param>
/// <param name="Severity">OpenTelemetry's SeverityNumber, 1 (trace) to 24 (fatal); 0 if it says none.</param>
/// <param name="Source">Where it was found.</param>
/// <param name="Body">The line, at most 64 KiB in UTF-8.</param>
/// <param name="Attributes">At most 64 pairs.</param>
/// <param name="Boot">Of which boot <paramref name="Ms"/> counts: 0 is that of the batch, n the n-th of the earlier ones that it names.</param>
public sealed record LogEntry(
    long Ms, int Severity, LogSource Source, string Body, IReadOnlyList<KeyValuePair<string, string>> Attributes, int Boot = 0)
{
    /// <summary>The most bytes of a body.</summary>
    public const int MaxBodyBytes = 64 * 1024;

    /// <summary>The highest severity.</summary>
    public const int MaxSeverity = 24;
}
