using Messaging.Agent.Disk;
using Messaging.Agent.Enrolment;
using Messaging.Agent.Identity;

namespace Messaging.Agent.Status;

/// <summary>What the state folder tells when the agent does not run, or does not answer.</summary>
/// <param name="Running">False, which tells this answer from a snapshot; absent when that cannot be known.</param>
/// <param name="Reason">Why the agent could not be asked.</param>
/// <param name="StateFolder">Which folder was looked at.</param>
/// <param name="Exists">Whether there is one that may be read.</param>
/// <param name="Enrolled">Whether it holds an enrolment.</param>
/// <param name="DeviceId">32 hex digits.</param>
/// <param name="Name">The name that operators see.</param>
/// <param name="Server">Address of the fleet's server.</param>
/// <param name="SpoolBytes">What waits to be sent, with what was confirmed and not yet removed.</param>
/// <param name="LastWriteAt">When the agent last wrote to its spool.</param>
/// <param name="EndedUncleanly">Whether the agent was killed or the power failed.</param>
/// <param name="Problems">What to do.</param>
internal sealed record StateFolderReport(
    bool? Running,
    string Reason,
    string StateFolder,
    bool Exists,
    bool Enrolled,
    string? DeviceId,
    string? Name,
    string? Server,
    long SpoolBytes,
    DateTimeOffset? LastWriteAt,
    bool EndedUncleanly,
    IReadOnlyList<StatusProblem> Problems)
{
    /// <summary>Looks without opening anything that a starting agent might want for itself.</summary>
    /// <param name="mayRun">Whether an agent may run all the same, and is only too busy to answer.</param>
    public static StateFolderReport Inspect(string folder, string reason, bool mayRun)
    {
        var state = new StateFolder(folder);
        var nothing = new StateFolderReport(mayRun ? null : false, reason, folder, false, false, null, null, null, 0, null, false, []);
        try
        {
            if (!Directory.Exists(folder))
            {
                return nothing with { Problems = Advice(folder, exists: false, enrolled: false, mayRun) };
            }

            // Listing tells a folder that may not be read from one that is empty.
            _ = Directory.GetFileSystemEntries(folder);
            var segments = Directory.Exists(state.Spool) ? new DirectoryInfo(state.Spool).GetFiles() : [];
            var report = nothing with
            {
                Exists = true,
                Enrolled = File.Exists(state.Enrolment),
                SpoolBytes = segments.Sum(file => file.Length),
                LastWriteAt = segments.Length > 0 ? new DateTimeOffset(segments.Max(file => file.LastWriteTimeUtc.Ticks), TimeSpan.Zero) : null,
                EndedUncleanly = !mayRun && File.Exists(state.Running),
            };
            return WithEnrolment(report with { Problems = Advice(folder, exists: true, report.Enrolled, mayRun) }, state);
        }
        catch (UnauthorizedAccessException)
        {
            return nothing with { Running = null, Problems = [new("agent", $"{folder} may not be read by you", "Run it as root: sudo messaging-agent status", null)] };
        }
    }

    private static StateFolderReport WithEnrolment(StateFolderReport report, StateFolder state)
    {
        try
        {
            return EnrolmentStore.Load(PhysicalDisk.Instance, state.Enrolment) is { } enrolment
                ? report with { DeviceId = enrolment.DeviceId.ToString(), Name = enrolment.Name, Server = enrolment.BaseUrl }
                : report;
        }
        catch (Exception e) when (e is DamagedStateException or IOException)
        {
            return report with { Problems = [new("enrolment", e.Message, null, null)] };
        }
    }

    private static StatusProblem[] Advice(string folder, bool exists, bool enrolled, bool mayRun) => (exists, enrolled) switch
    {
        (false, _) =>
        [
            new("agent", $"there is no state folder {folder}", "Give the right one with --state, or let this device into a fleet: messaging-agent enroll TOKEN", null),
        ],
        (true, false) => [new("agent", "this device is not enrolled", "Ask an operator for a token: messaging-agent enroll TOKEN", null)],
        _ when mayRun =>
        [
            new("agent", "the agent does not answer", "Ask again in a minute. If it stays so: systemctl restart messaging-agent. What it did last: journalctl -u messaging-agent -n 50", null),
        ],
        _ =>
        [
            new("agent", "the agent does not run", "Start it: systemctl start messaging-agent. Why it stopped: journalctl -u messaging-agent -n 50", null),
        ],
    };
}
