namespace Messaging.Telemetry;

/// <summary>Where a log line was found.</summary>
/// <param name="Kind">A file or the journal.</param>
/// <param name="Name">The path or the unit, at most 1,024 bytes.</param>
public readonly record struct LogSource(LogSourceKind Kind, string Name);
