using System.CommandLine;
using Messaging.Cli.Artifacts;
using Messaging.Cli.Hosting;
using Messaging.Cli.Server;

namespace Messaging.Cli.Verbs.Artifacts;

/// <summary><c>fleetctl artifact publish</c></summary>
internal static class ArtifactPublishVerb
{
    public static Command Create(CommonOptions common)
    {
        var json = Show.JsonOption();
        var verb = new Verb(
            "publish",
            "Shows devices what was signed: root and targets at once, or nothing of it. The server tries it with the client that devices have before.",
            ("fleetctl artifact publish", "after fleetctl artifact sign"))
        {
            json,
        };
        return verb.Runs(async (parsed, ct) =>
        {
            using var session = await RepositorySession.OpenAsync(common, parsed, ct);
            var reply = await session.Api.PublishAsync(ct);

            // Not by its word: as it shows it from now on.
            await session.ReadAsync(ct);
            if (parsed.GetValue(json))
            {
                Show.Json(parsed, reply, ReplyJson.Default.RepositoryReply);
                return ExitCodes.Ok;
            }

            Show.Lines(parsed, [$"Devices are shown root {session.Trust?.Root.Version} and targets {session.Targets?.Version}, {session.Targets?.Count} in all, until {TerminalText.Time(session.Targets?.Expires ?? default)}."]);
            Show.Lines(parsed, RepositoryText.Warnings(session.Status));
            return ExitCodes.Ok;
        });
    }
}
