using System.CommandLine;
using Messaging.Cli.Artifacts;
using Messaging.Cli.Hosting;

namespace Messaging.Cli.Verbs.Artifacts;

/// <summary><c>fleetctl artifact list</c></summary>
internal static class ArtifactListVerb
{
    public static Command Create(CommonOptions common)
    {
        var json = Show.JsonOption();
        var verb = new Verb(
            "list",
            "What devices may install, what waits to be signed or published (+ comes, - goes), and what ends soon.",
            ("fleetctl artifact list", "and what to do next"),
            ("fleetctl artifact list --json", "for programs"))
        {
            json,
        };
        return verb.Runs(async (parsed, ct) =>
        {
            using var session = await RepositorySession.OpenAsync(common, parsed, ct);
            if (parsed.GetValue(json))
            {
                var rows = RepositoryText.Rows(session).Select(static row => ReleaseRow.Of(row.Sign, row.Target, row.Release));
                Show.Json(parsed, new RepositoryListing(session.Status, [.. rows]), ViewJson.Default.RepositoryListing);
            }
            else
            {
                Show.Lines(parsed, RepositoryText.Lines(session));
            }

            return ExitCodes.Ok;
        });
    }
}
