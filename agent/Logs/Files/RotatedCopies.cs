using System.Buffers;
using Messaging.Agent.Collect.Kernel;
using Microsoft.Win32.SafeHandles;

namespace Messaging.Agent.Logs.Files;

/// <summary>
/// Finds where a rotation put the content of a followed file: by content, among the files whose names begin like the original's
/// (app.log -> app.log.1, app-20300101.log).
/// </summary>
internal static class RotatedCopies
{
    private static readonly SearchValues<char> GenerationCharacters = SearchValues.Create("0123456789.-_T");

    public static bool IsNameOf(string original, string candidate) =>
        string.Equals(Path.GetDirectoryName(original), Path.GetDirectoryName(candidate), StringComparison.Ordinal)
        && !string.Equals(original, candidate, StringComparison.Ordinal)
        && Path.GetFileName(candidate.AsSpan()).StartsWith(Path.GetFileNameWithoutExtension(original.AsSpan()), StringComparison.Ordinal);

    /// <summary>
    /// Names that only rotation gives (app.log.2, app.log-20300101): safe to be read as older parts of the original.
    /// </summary>
    public static bool IsGenerationOf(string original, string candidate)
    {
        var name = Path.GetFileName(candidate.AsSpan());
        var first = Path.GetFileName(original.AsSpan());
        return IsNameOf(original, candidate)
            && name.StartsWith(first, StringComparison.Ordinal)
            && !name[first.Length..].ContainsAnyExcept(GenerationCharacters);
    }

    /// <summary>Opens the newest sibling that holds everything that was read of the original.</summary>
    /// <param name="position">Of the original; null is returned when nothing was read of it.</param>
    /// <param name="accept">Which files may be taken.</param>
    public static (FileStat Stat, SafeFileHandle Handle)? Find(FilePosition position, Predicate<FileIdentity> accept)
    {
        if (position.Offset == 0)
        {
            return null;
        }

        var candidates = Siblings(position.Path)
            .Where(one => IsNameOf(position.Path, one.Path) && accept(one.Stat.Identity) && one.Stat.Size >= position.Offset)
            .OrderByDescending(one => one.Stat.ModifiedNs);
        foreach (var (path, stat) in candidates)
        {
            if (TryOpen(path, stat.Identity, out var handle))
            {
                if (position.Matches(handle, stat.Size))
                {
                    return (stat, handle);
                }

                handle.Dispose();
            }
        }

        return null;
    }

    /// <summary>Regular files in the folder of a path.</summary>
    public static IEnumerable<Sibling> Siblings(string path)
    {
        var folder = Path.GetDirectoryName(path);
        if (folder is null || !Directory.Exists(folder))
        {
            yield break;
        }

        foreach (var sibling in Directory.EnumerateFiles(folder))
        {
            if (FileStat.TryGet(new KernelPath(sibling), out var stat) && stat.IsRegularFile)
            {
                yield return new Sibling(sibling, stat);
            }
        }
    }

    /// <summary>Opens a file if it still is the one that was looked at.</summary>
    public static bool TryOpen(string path, FileIdentity identity, out SafeFileHandle handle)
    {
        handle = new SafeFileHandle(-1, ownsHandle: false);
        try
        {
            handle = LogFileHandle.Open(path);
        }
        catch (IOException)
        {
            // Gone or forbidden: for the search it is not there. What is followed by name reports why by itself.
            return false;
        }

        if (FileStat.TryGet(handle, out var stat) && stat.Identity == identity)
        {
            return true;
        }

        handle.Dispose();
        return false;
    }

    /// <summary>A regular file beside another.</summary>
    internal sealed record Sibling(string Path, FileStat Stat);
}
