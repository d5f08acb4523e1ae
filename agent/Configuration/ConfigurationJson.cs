using System.Text.Json;
using Messaging.Agent.Json;

namespace Messaging.Agent.Configuration;

/// <summary>Writes what <c>config --json</c> shows.</summary>
internal static class ConfigurationJson
{
    public static string Write(ConfigurationReport report) => JsonText.OfObject(json =>
    {
        json.WriteBoolean("valid", report.Valid);
        json.Text("file", report.File);
        json.WriteBoolean("fileExists", report.FileExists);
        json.Texts("problems", report.Problems);
        json.Texts("hints", report.Hints);
    });

    public static string Write(IReadOnlyList<OptionView> options) => JsonText.OfArray(json => json.Objects(options, Option));

    private static void Option(Utf8JsonWriter json, OptionView option)
    {
        json.WriteString("key", option.Key);
        json.WriteString("value", option.Value);
        json.WriteString("from", option.From);
        json.Text("place", option.Place);
    }
}
