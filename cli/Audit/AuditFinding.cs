namespace Messaging.Cli.Audit;

/// <summary>Something that does not agree.</summary>
/// <param name="Kind">The words of the server's findings (docs/operate/audit.md), and <c>unverifiable</c>.</param>
/// <param name="DeviceId">Null when it is about a log.</param>
/// <param name="Subject">A log, a command, a number of a record.</param>
/// <param name="Details">For people.</param>
internal sealed record AuditFinding(string Kind, string? DeviceId, string Subject, string Details);
