namespace Messaging.Agent.Status;

/// <summary>What the state folder tells when the agent does not run.</summary>
/// <param name="Running">Always false; tells this answer from a snapshot.</param>
/// <param name="Reason">Why the agent could not be asked.</param>
/// <param name="StateFolder">Which folder was looked at.</param>
/// <param name="Exists">Whether there is one that may be read.</param>
/// <param name="Enrolled">Whether it holds an enrolment.</param>
/// <param name="SpoolBytes">What waits to be sent, with what was confirmed and not yet removed.</param>
/// <param name="LastWriteAt">When the agent last wrote to its spool.</param>
/// <param name="EndedUncleanly">Whether the agent was killed or the power failed.</param>
/// <param name="Problems">What to do.</param>
internal sealed record StateFolderReport(
    bool Running,
    string Reason,
    string StateFolder,
    bool Exists,
    bool Enrolled,
    long SpoolBytes,
    DateTimeOffset? LastWriteAt,
    bool EndedUncleanly,
    IReadOnlyList<StatusProblem> Problems)
{
    /// <summary>Looks without opening anything that a starting agent might want for itself.</summary>
    public static StateFolderReport Inspect(string folder, string reason)
    {
        var state = new Identity.StateFolder(folder);
        try
        {
            if (!Directory.Exists(folder))
            {
                return Of(exists: false, enrolled: false, [], unclean: false);
            }

            // Listing tells a folder that may not be read from one that is empty.
            _ = Directory.GetFileSystemEntries(folder);
            var segments = Directory.Exists(state.Spool) ? new DirectoryInfo(state.Spool).GetFiles() : [];
            return Of(exists: true, File.Exists(state.Enrolment), segments, File.Exists(state.Running));
        }
        catch (UnauthorizedAccessException)
        {
            return new(
                false,
                reason,
                folder,
                false,
                false,
                0,
                null,
                false,
                [new("agent", $"{folder} may not be read by you", "Run it as root: sudo messaging-agent status", null)]);
        }

        StateFolderReport Of(bool exists, bool enrolled, FileInfo[] segments, bool unclean)
        {
            DateTimeOffset? last = segments.Length > 0 ? new DateTimeOffset(segments.Max(f => f.LastWriteTimeUtc), TimeSpan.Zero) : null;
            return new(false, reason, folder, exists, enrolled, segments.Sum(f => f.Length), last, unclean, Advice(folder, exists, enrolled));
        }
    }

    private static StatusProblem[] Advice(string folder, bool exists, bool enrolled) => (exists, enrolled) switch
    {
        (false, _) =>
        [
            new("agent", $"there is no state folder {folder}", "Give the right one with --state, or let this device into a fleet: messaging-agent enroll TOKEN", null),
        ],
        (true, false) => [new("agent", "this device is not enrolled", "Ask an operator for a token: messaging-agent enroll TOKEN", null)],
        _ =>
        [
            new("agent", "the agent does not run", "Start it: systemctl start messaging-agent. Why it stopped: journalctl -u messaging-agent -n 50", null),
        ],
    };
}
