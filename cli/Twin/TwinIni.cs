using System.Globalization;
using System.Text.Json.Nodes;
using Messaging.Cli.Hosting;

namespace Messaging.Cli.Twin;

/// <summary>
/// A desired state in lines: <c>version = 3</c>, then [settings], [app], [files] (<c>/path = file-beside-it 0644</c>) and [units] (a name a line).
/// Pure; files are read later.
/// </summary>
internal static class TwinIni
{
    /// <param name="path">For what is wrong.</param>
    /// <param name="text">The whole file.</param>
    /// <exception cref="CliException">It is none.</exception>
    public static JsonObject Read(string path, string text)
    {
        var document = new JsonObject();
        var (section, number) = ("", 0);
        foreach (var raw in text.ReplaceLineEndings("\n").Split('\n'))
        {
            number++;
            var line = raw.Trim();
            if (line.Length == 0 || line[0] is '#' or ';')
            {
                continue;
            }

            if (line[0] == '[')
            {
                section = line.TrimStart('[').TrimEnd(']').Trim();
                if (section is not ("settings" or "files" or "units" or "app"))
                {
                    throw Wrong("there are [settings], [files], [units] and [app]");
                }
            }
            else if (section == "units")
            {
                var units = document["units"] as JsonArray ?? [];
                units.Add((JsonNode)line);
                document["units"] = units;
            }
            else
            {
                var at = line.IndexOf('=', StringComparison.Ordinal);
                if (at < 1)
                {
                    throw Wrong("write it as name = value");
                }

                Add(line[..at].Trim(), line[(at + 1)..].Trim());
            }
        }

        return document;

        void Add(string name, string value)
        {
            if (section.Length == 0)
            {
                document["version"] = name == "version" && long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
                    ? version
                    : throw Wrong("before the first section stands version = NUMBER, or nothing");
                return;
            }

            var members = document[section] as JsonObject ?? [];
            if (!members.TryAdd(name, section switch { "files" => File(value), "app" => App(value), _ => (JsonNode)value }))
            {
                throw Wrong($"{name} is there twice");
            }

            document[section] = members;
        }

        JsonObject File(string value)
        {
            var words = value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return words.Length switch
            {
                1 => new JsonObject { ["from"] = words[0] },
                2 => new JsonObject { ["from"] = words[0], ["mode"] = words[1] },
                _ => throw Wrong("write it as /path/on/the/device = file-beside-this-one 0644"),
            };
        }

        CliException Wrong(string what) => new($"{path}, line {number}: {what}.", ExitCodes.Usage);
    }

    /// <summary>true, false and numbers are such; everything else is a text, and what stands in quotes as well.</summary>
    private static JsonNode App(string value) =>
        value is "true" or "false" ? value == "true"
        : value.Length > 1 && value[0] == '"' && value[^1] == '"' ? value[1..^1]
        : double.TryParse(value, NumberStyles.Float & ~NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number
        : value;
}
