namespace Messaging.Agent.Commands.Beneath;

/// <summary>Which paths are below folders that the device's owner allows. Pure: by the text alone.</summary>
internal static class BeneathRoots
{
    /// <summary>The allowed folder that a path is below, and the names from there; null when there is none.</summary>
    /// <param name="roots">Absolute folders.</param>
    /// <param name="path">From somewhere else.</param>
    public static (string Root, string[] Names)? Find(IReadOnlyList<string> roots, string path)
    {
        foreach (var configured in roots)
        {
            var root = configured.TrimEnd('/');
            if (path.Length > root.Length + 1 && path[root.Length] == '/' && path.StartsWith(root, StringComparison.Ordinal)
                && Split(path[(root.Length + 1)..]) is { } names)
            {
                return (root.Length == 0 ? "/" : root, names);
            }
        }

        return null;
    }

    /// <summary>Null when one of them is no name of a file.</summary>
    private static string[]? Split(string path)
    {
        var names = path.Split('/');
        foreach (var name in names)
        {
            if (name.Length == 0 || name is "." or ".." || name.Contains('\0', StringComparison.Ordinal))
            {
                return null;
            }
        }

        return names;
    }
}
