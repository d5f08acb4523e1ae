using System.CommandLine;
using Messaging.Cli.Hosting;
using Messaging.Cli.Server;
using Messaging.Cli.Trust;

namespace Messaging.Cli.Verbs;

/// <summary><c>fleetctl trust show</c></summary>
internal static class TrustShowVerb
{
    public static Command Create(CommonOptions common)
    {
        var json = Show.JsonOption();
        return new Verb(
            "show",
            "Shows whom the fleet's devices trust now, verified, and who holds the root key. Takes no token.",
            ("fleetctl trust show", "the fleet of the configuration"),
            ("fleetctl trust show --url https://fleet.example --fleet 4be0...", "another one"),
            ("fleetctl trust show --json | jq .roster", "for a program"))
        {
            json,
        }.Runs(async (parsed, ct) =>
        {
            var settings = common.Read(parsed);
            using var session = await FleetSession.OpenAsync(settings, null, Seen.Of(common, parsed), parsed.InvocationConfiguration.Error, ct);
            var view = TrustView.Of(session.Trust);
            if (parsed.GetValue(json))
            {
                Show.Json(parsed, view, ViewJson.Default.TrustView);
            }
            else
            {
                Show.Lines(parsed, TrustText.Lines(view, TimeProvider.System.GetUtcNow()));
            }

            return ExitCodes.Ok;
        });
    }
}
