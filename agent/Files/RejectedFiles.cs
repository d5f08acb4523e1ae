namespace Messaging.Agent.Files;

/// <summary>Files that are not sent, for whoever made them to look at; the newest are kept.</summary>
internal static class RejectedFiles
{
    private const string ReasonSuffix = ".reason";

    /// <summary>Reasons included.</summary>
    public const int MaxEntries = 200;

    /// <summary>Moves whatever stands under the path, and writes the reason beside it.</summary>
    /// <exception cref="IOException">It is still where it was.</exception>
    public static void Add(string folder, string path, string name, string reason, int maxEntries = MaxEntries)
    {
        var entries = Directory.CreateDirectory(folder).EnumerateFileSystemInfos().OrderByDescending(one => one.LastWriteTimeUtc.Ticks).Skip(maxEntries);
        foreach (var old in entries)
        {
            Delete(old);
        }

        var target = Path.Combine(folder, name);
        if (new DirectoryInfo(target) is { Exists: true, LinkTarget: null } before)
        {
            before.Delete(recursive: true);
        }

        File.WriteAllText(target + ReasonSuffix, reason + "\n");
        if (new DirectoryInfo(path) is { Exists: true, LinkTarget: null } directory)
        {
            directory.MoveTo(target);
        }
        else
        {
            // Moves links, pipes and devices as they are.
            File.Move(path, target, overwrite: true);
        }
    }

    private static void Delete(FileSystemInfo old)
    {
        if (old is DirectoryInfo { LinkTarget: null } directory)
        {
            directory.Delete(recursive: true);
        }
        else
        {
            old.Delete();
        }
    }
}
