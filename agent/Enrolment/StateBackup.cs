using System.Globalization;
using Messaging.Agent.Disk;
using Messaging.Agent.Identity;

namespace Messaging.Agent.Enrolment;

/// <summary>Puts an old identity aside before a new one is made; nothing is thrown away.</summary>
internal static class StateBackup
{
    /// <summary>Moves everything that belongs to the old enrolment into a folder of its own, and returns that; null when there was nothing.</summary>
    /// <exception cref="IOException">It cannot be moved.</exception>
    public static string? Run(IDisk disk, StateFolder state, DateTimeOffset now)
    {
        var belongings = new[]
            {
                state.Keys, state.Enrolment, state.Fleet, state.EpochNumber, state.Trust, state.Journal, state.Spool, state.Running, state.Intervals, state.Updates,
                state.Samples + "0", state.Samples + "1",
            }
            .Where(path => File.Exists(path) || Directory.Exists(path))
            .ToArray();
        if (belongings.Length == 0)
        {
            return null;
        }

        var backup = Path.Combine(state.Path, "before-" + now.ToString("yyyyMMdd'T'HHmmssfff'Z'", CultureInfo.InvariantCulture));
        Directory.CreateDirectory(backup, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        foreach (var path in belongings)
        {
            Directory.Move(path, Path.Combine(backup, Path.GetFileName(path)));
        }

        // The new place before the old one: a power cut leaves everything in one of them.
        disk.SyncDirectory(backup);
        disk.SyncDirectory(state.Path);
        return backup;
    }
}
