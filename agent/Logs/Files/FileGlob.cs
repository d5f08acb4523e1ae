using System.IO.Enumeration;

namespace Messaging.Agent.Logs.Files;

/// <summary>
/// A path in which <c>*</c> and <c>?</c> match within a folder's or a file's name. A wildcard matches no name that begins with a
/// dot and no compressed file.
/// </summary>
internal sealed class FileGlob
{
    private static readonly string[] Compressed = [".gz", ".xz", ".bz2", ".zst", ".lz4", ".zip"];

    private readonly string _root;
    private readonly string[] _segments;

    /// <param name="pattern">An absolute path.</param>
    public FileGlob(string pattern)
    {
        Pattern = pattern;
        var all = pattern.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var plain = Array.FindIndex(all, HasWildcard);
        _segments = plain < 0 ? [] : all[plain..];
        _root = "/" + string.Join('/', plain < 0 ? all : all[..plain]);
    }

    public string Pattern { get; }

    /// <summary>Names exactly one file.</summary>
    public bool IsLiteral => _segments.Length == 0;

    /// <summary>What is there now. A literal path is given whether it exists or not.</summary>
    public void Find(ICollection<string> paths)
    {
        if (IsLiteral)
        {
            paths.Add(_root);
        }
        else
        {
            Walk(_root, 0, paths);
        }
    }

    private static bool HasWildcard(string segment) => segment.AsSpan().ContainsAny('*', '?');

    private void Walk(string folder, int depth, ICollection<string> paths)
    {
        var segment = _segments[depth];
        var isLast = depth == _segments.Length - 1;
        if (!HasWildcard(segment))
        {
            var next = Path.Join(folder, segment);
            if (isLast && File.Exists(next))
            {
                paths.Add(next);
            }
            else if (!isLast && Directory.Exists(next))
            {
                Walk(next, depth + 1, paths);
            }

            return;
        }

        if (!Directory.Exists(folder))
        {
            return;
        }

        foreach (var entry in Entries(folder, segment, isLast))
        {
            if (isLast)
            {
                paths.Add(entry);
            }
            else
            {
                Walk(entry, depth + 1, paths);
            }
        }
    }

    private static FileSystemEnumerable<string> Entries(string folder, string segment, bool files)
    {
        // What this user may not list holds nothing that it could follow.
        var options = new EnumerationOptions { IgnoreInaccessible = true, AttributesToSkip = default };
        return new FileSystemEnumerable<string>(folder, static (ref entry) => entry.ToFullPath(), options)
        {
            ShouldIncludePredicate = (ref entry) =>
                entry.IsDirectory != files
                && (entry.FileName[0] != '.' || segment[0] == '.')
                && FileSystemName.MatchesSimpleExpression(segment, entry.FileName, ignoreCase: false)
                && !(files && IsCompressed(entry.FileName)),
        };
    }

    private static bool IsCompressed(ReadOnlySpan<char> name)
    {
        foreach (var ending in Compressed)
        {
            if (name.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
