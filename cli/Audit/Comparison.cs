using Messaging.Audit;
using Messaging.Cli.Recordings;
using Messaging.Commands;
using Messaging.Wire;

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

    /// <summary>What the server says of commands, against the records.</summary>
    /// <param name="verified">The log and the records.</param>
    /// <param name="since">Older commands are not looked at.</param>
    /// <param name="now">The time.</param>
    /// <param name="ask">What the server says of each device that a command is for; nothing when it knows no such command (any more).</param>
    public static async Task<List<AuditFinding>> WithServerAsync(
        AuditVerifier verified, DateTimeOffset since, DateTimeOffset now, Func<IssuedCommand, IAsyncEnumerable<SaidState>> ask)
    {
        var findings = new List<AuditFinding>();
        foreach (var issued in verified.Issued.Where(one => one.At >= since && one.At <= now - Patience).OrderBy(static one => one.At))
        {
            await foreach (var said in ask(issued))
            {
                var recorded = verified.Devices.TryGetValue(said.Device, out var device) && device.Commands.TryGetValue(issued.Id, out var entries) ? entries[^1].Entry : null;
                if (Compare(issued, said, recorded) is { } finding)
                {
                    findings.Add(finding);
                }
            }
        }

        return findings;
    }

    /// <summary>What devices have signed to have recorded, against what the server has of it.</summary>
    /// <param name="verified">The records.</param>
    /// <param name="since">Older recordings are not looked at.</param>
    /// <param name="now">The time.</param>
    /// <param name="ask">What the server has; null: it knows none.</param>
    public static async Task<List<AuditFinding>> RecordingsAsync(
        AuditVerifier verified, DateTimeOffset since, DateTimeOffset now, Func<PrincipalId, CommandId, Task<RecordingReply?>> ask)
    {
        var findings = new List<AuditFinding>();
        foreach (var device in verified.Devices.Values)
        {
            foreach (var (id, entries) in device.Commands)
            {
                var (number, entry) = entries.Find(static one => one.Entry.Recording is not null);
                var at = entry?.UnixMs is { } ms ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : now - Patience;
                if (entry?.Recording is not { } recording || at < since || at > now - Patience)
                {
                    continue;
                }

                var said = await ask(device.Id, id);
                var what = $"the recording of {entry.Type} {id} (entry {number} of the device's record, sha256 {Convert.ToHexStringLower(recording)})";
                if (said?.Sha256 is { } sha256 && sha256 != Convert.ToHexStringLower(recording))
                {
                    findings.Add(new AuditFinding("recording-differs", device.Id.ToString(), id.ToString(), $"{what} is another one at the server: {sha256}"));
                }
                else if (said?.State != "complete")
                {
                    findings.Add(new AuditFinding(
                        "recording-missing", device.Id.ToString(), id.ToString(), $"{what} is not at the server{(said?.State is { } state ? $", which says: {state} {said.Reason}".TrimEnd() : "")}"));
                }
            }
        }

        return findings;
    }

    private static AuditFinding? Compare(IssuedCommand issued, SaidState said, Execution? recorded)
    {
        if (recorded is null && said.State is "accepted" or "running" or "done" or "failed" or "rejected")
        {
            return new AuditFinding(
                "command-unreported", said.Device.ToString(), issued.Id.ToString(), $"{issued.Type} {issued.Id} of {issued.Actor} is {said.State} by the server's word, and in no record of the device");
        }

        return recorded is { State: not (CommandState.Accepted or CommandState.Running) } && said.State is "done" or "failed" or "rejected" && said.State != Word(recorded!.State)
            ? new AuditFinding(
                "state-differs", said.Device.ToString(), issued.Id.ToString(), $"{issued.Type} {issued.Id} is {said.State} by the server's word, and {Word(recorded.State)} in the device's record")
            : null;
    }

    private static string Word(CommandState state) => state.ToString().ToLowerInvariant();
}
