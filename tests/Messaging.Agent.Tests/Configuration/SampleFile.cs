using System.Runtime.CompilerServices;

namespace Messaging.Agent.Tests.Configuration;

/// <summary>firmware-scripts/agent.conf.</summary>
internal static class SampleFile
{
    public static string Path { get; } = Find();

    /// <summary>Section:Key -> value of every option that is shown, commented out or not, in order.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Options()
    {
        var options = new List<KeyValuePair<string, string>>();
        var section = "";
        foreach (var line in File.ReadLines(Path))
        {
            if (line.StartsWith('['))
            {
                section = line.Trim('[', ']');
            }
            else if (IsOption(line))
            {
                var parts = line[1..].Split('=', 2, StringSplitOptions.TrimEntries);
                options.Add(new($"{section}:{parts[0]}", parts[1]));
            }
        }

        return options;
    }

    /// <summary>A comment has a blank after the #, an option has not.</summary>
    public static bool IsOption(string line) => line.Length > 1 && line[0] == '#' && char.IsLetter(line[1]);

    private static string Find([CallerFilePath] string here = "") =>
        System.IO.Path.GetFullPath(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(here)!, "../../../firmware-scripts/agent.conf"));
}
