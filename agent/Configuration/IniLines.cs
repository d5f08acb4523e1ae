namespace Messaging.Agent.Configuration;

/// <summary>Which line of an INI file says what, for people who have to mend it. Reads lines as the configuration library does.</summary>
internal static class IniLines
{
    /// <summary>Section:Key -> line number from 1; of a key that is there twice, the last.</summary>
    public static Dictionary<string, int> Keys(IEnumerable<string> lines)
    {
        var found = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, line, _) in Read(lines))
        {
            if (key is not null)
            {
                found[key] = line;
            }
        }

        return found;
    }

    /// <summary>The first line that is neither a comment, a section nor <c>key=value</c>, or that repeats a key; null when all are well.</summary>
    public static (int Line, string What)? FirstProblem(IEnumerable<string> lines)
    {
        var seen = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, line, text) in Read(lines))
        {
            if (key is null)
            {
                return (line, $"'{text}' is none of [Section], Key = value or # comment");
            }

            if (!seen.TryAdd(key, line))
            {
                return (line, $"{key} is set a second time; the first is in line {seen[key]}");
            }
        }

        return null;
    }

    private static IEnumerable<(string? Key, int Line, string Text)> Read(IEnumerable<string> lines)
    {
        var (section, number) = ("", 0);
        foreach (var raw in lines)
        {
            number++;
            var line = raw.Trim();
            if (line.Length == 0 || line[0] is ';' or '#' or '/')
            {
                continue;
            }

            if (line[0] == '[' && line[^1] == ']')
            {
                section = line[1..^1].Trim() + ":";
                continue;
            }

            var at = line.IndexOf('=', StringComparison.Ordinal);
            yield return (at < 0 ? null : section + line[..at].Trim(), number, line);
        }
    }
}
