using System.CommandLine;
using Messaging.Cli.Configuration;
using Messaging.Cli.Hosting;

namespace Messaging.Cli.Verbs;

/// <summary><c>fleetctl config show</c></summary>
internal static class ConfigShowVerb
{
    public static Command Create(CommonOptions common)
    {
        var json = Show.JsonOption();
        return new Verb(
            "show",
            "Shows what is kept. The token itself is not shown, only where it is.",
            ("fleetctl config show", "four lines"),
            ("fleetctl config show --json", "for a program"))
        {
            json,
        }.Runs(parsed =>
        {
            var file = common.File(parsed);
            var stored = file.Load();
            if (parsed.GetValue(json))
            {
                Show.Json(parsed, stored, ConfigurationJson.Default.StoredConfiguration);
                return ExitCodes.Ok;
            }

            Show.Lines(parsed, new (string Name, string? Value)[]
            {
                ("url", stored.Url), ("token-file", stored.TokenFile), ("fleet", stored.Fleet), ("ca-file", stored.CaFile),
            }.Select(one => TerminalText.Line($"{one.Name,-11} {one.Value ?? "-"}")));
            Show.Note(parsed, File.Exists(file.Path) ? $"From {file.Path}." : $"{file.Path} is not there: fleetctl config set");
            return ExitCodes.Ok;
        });
    }
}
