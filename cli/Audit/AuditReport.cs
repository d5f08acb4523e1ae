using Messaging.Cli.Hosting;

namespace Messaging.Cli.Audit;

/// <summary>What came of a verification.</summary>
/// <param name="LogId">The newest log; null when there is none.</param>
/// <param name="Through">Its last verified entry.</param>
/// <param name="CheckpointNumber">The last entry that the server has signed for; null: none.</param>
/// <param name="Entries">How many entries of all logs were verified.</param>
/// <param name="Logs">How many logs there are.</param>
/// <param name="Witnesses">How many devices have signed what they have seen of the newest log.</param>
/// <param name="WitnessedThrough">The highest entry that a device has seen of it.</param>
/// <param name="Devices">How many devices' records were verified.</param>
/// <param name="Executions">How many entries they have.</param>
/// <param name="SeenBefore">The highest entry of the newest log that this machine had seen before; null: none.</param>
/// <param name="Findings">Everything that does not agree.</param>
internal sealed record AuditReport(
    string? LogId,
    long Through,
    long? CheckpointNumber,
    long Entries,
    int Logs,
    int Witnesses,
    long? WitnessedThrough,
    int Devices,
    long Executions,
    long? SeenBefore,
    IReadOnlyList<AuditFinding> Findings)
{
    public IEnumerable<string> Lines()
    {
        if (LogId is null)
        {
            yield return "The server's log has no entries yet.";
        }
        else
        {
            yield return $"log        {LogId}, verified through entry {Through} ({Entries} entries in {Logs} {(Logs == 1 ? "log" : "logs")})";
            yield return $"signed     {(CheckpointNumber is { } signed ? $"by the server through entry {signed}" : "nothing yet")}";
            yield return $"witnessed  {(WitnessedThrough is { } seen ? $"by {Witnesses} {(Witnesses == 1 ? "device" : "devices")}, through entry {seen}" : "by no device yet")}";
            yield return $"this       {(SeenBefore is { } before ? $"machine had seen entry {before} before" : "machine sees this log for the first time")}";
            yield return $"records    {Executions} entries of {Devices} {(Devices == 1 ? "device" : "devices")}";
        }

        yield return Findings.Count == 0 ? "Everything agrees." : $"{Findings.Count} {(Findings.Count == 1 ? "finding" : "findings")}:";
        foreach (var finding in Findings)
        {
            yield return TerminalText.Line($"  {finding.Kind}  {(finding.DeviceId is { } device ? device + "  " : "")}{finding.Details}");
        }
    }
}
