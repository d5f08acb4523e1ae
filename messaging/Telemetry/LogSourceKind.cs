namespace Messaging.Telemetry;

/// <summary>Where a log line was found.</summary>
public enum LogSourceKind
{
    /// <summary>A file; the name is its path.</summary>
    File = 0,

    /// <summary>The systemd journal; the name is the unit or identifier.</summary>
    Journal = 1,
}
