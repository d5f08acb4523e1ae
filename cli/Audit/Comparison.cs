using Messaging.Cli.Server;
using Messaging.Commands;

namespace Messaging.Cli.Audit;

/// <summary>Compares the verified log with devices' verified records. Pure, but for asking what the server says of a command.</summary>
internal static class Comparison
{
    /// <summary>How long a record may take to follow.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    /// <summary>What devices ran and the log does not know, or knows otherwise.</summary>
    public static IEnumerable<AuditFinding> Unknown(AuditVerifier verified)
    {
        foreach (var device in verified.Devices.Values)
        {
            foreach (var (id, entries) in device.Commands)
            {
                var (number, entry) = entries[0];
                if (verified.FindIssued(device.Id, id) is not { } issued)
                {
                    yield return new AuditFinding(
                        "command-unknown", device.Id.ToString(), id.ToString(),
                        $"{entry.Type} {id}, signed by {entry.Issuer}: {Word(entries[^1].Entry.State)} on the device (entry {number} of its record), and not in the log");
                }
                else if (entries.Exists(one => Convert.ToHexStringLower(one.Entry.Digest) != issued.Digest))
                {
                    yield return new AuditFinding(
                        "command-differs", device.Id.ToString(), id.ToString(), $"{entry.Type} {id}: the device recorded something else than the log says of this command");
                }
            }
        }
    }

    /// <summary>What the server says of commands to single devices, against the records.</summary>
    /// <param name="ask">Null when the server knows no such command (any more).</param>
    public static async Task<List<AuditFinding>> WithServerAsync(
        AuditVerifier verified, DateTimeOffset since, DateTimeOffset now, Func<IssuedCommand, Task<CommandReply?>> ask)
    {
        var findings = new List<AuditFinding>();
        foreach (var issued in verified.Issued.Where(one => one.Device is not null && one.At >= since && one.At <= now - Patience).OrderBy(static one => one.At))
        {
            var recorded = verified.Devices.TryGetValue(issued.Device!.Value, out var device) && device.Commands.TryGetValue(issued.Id, out var entries) ? entries[^1].Entry : null;
            if (await ask(issued) is not { } reply)
            {
                continue;
            }

            if (recorded is null && reply.State is "accepted" or "running" or "done" or "failed" or "rejected")
            {
                findings.Add(new AuditFinding(
                    "command-unreported", issued.Device.Value.ToString(), issued.Id.ToString(), $"{issued.Type} {issued.Id} of {issued.Actor} is {reply.State} by the server's word, and in no record of the device"));
            }
            else if (recorded is { State: not (CommandState.Accepted or CommandState.Running) } && reply.State is "done" or "failed" or "rejected" && reply.State != Word(recorded!.State))
            {
                findings.Add(new AuditFinding(
                    "state-differs", issued.Device.Value.ToString(), issued.Id.ToString(), $"{issued.Type} {issued.Id} is {reply.State} by the server's word, and {Word(recorded.State)} in the device's record"));
            }
        }

        return findings;
    }

    private static string Word(CommandState state) => state.ToString().ToLowerInvariant();
}
