using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Messaging.Cli.Verbs;

/// <summary>Standard output.</summary>
internal static class Show
{
    public static Option<bool> JsonOption() => new("--json") { Description = "For programs: one JSON object." };

    public static void Lines(ParseResult parsed, IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            parsed.InvocationConfiguration.Output.WriteLine(line);
        }
    }

    public static void Json<T>(ParseResult parsed, T value, JsonTypeInfo<T> type) =>
        parsed.InvocationConfiguration.Output.WriteLine(JsonSerializer.Serialize(value, type));

    /// <summary>What does not belong to the answer.</summary>
    public static void Note(ParseResult parsed, string text) => parsed.InvocationConfiguration.Error.WriteLine(text);
}
