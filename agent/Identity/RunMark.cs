using Messaging.Agent.Disk;
using Messaging.Wire;

namespace Messaging.Agent.Identity;

/// <summary>A file that is there while the agent runs: found at a start, it says that the last run did not end by itself.</summary>
internal sealed class RunMark(IDisk disk, string path, BootId bootId)
{
    private const int MaxBytes = 64;

    /// <summary>How the run before ended: <c>clean</c>, <c>unclean</c> (killed or crashed) or <c>reboot</c> (the machine went down with it).</summary>
    public string Previous { get; private set; } = "clean";

    /// <exception cref="IOException">It cannot be written.</exception>
    public void Begin()
    {
        if (disk.Exists(path))
        {
            var content = AtomicFile.Read(disk, path, MaxBytes) ?? [];
            Previous = BootId.TryRead(content, out var before) && before != bootId ? "reboot" : "unclean";
        }

        AtomicFile.Write(disk, path, bootId.ToArray());
    }

    /// <exception cref="IOException">It cannot be removed.</exception>
    public void End()
    {
        disk.Delete(path);
        disk.SyncDirectory(Path.GetDirectoryName(path)!);
    }
}
