using System.CommandLine;
using Messaging.Cli.Hosting;
using Messaging.Cli.Server;
using Messaging.Cli.Storage;

namespace Messaging.Cli.Verbs;

/// <summary><c>fleetctl trust save</c></summary>
internal static class TrustSaveVerb
{
    public static Command Create(CommonOptions common)
    {
        var file = new Argument<string>("FILE") { Description = "Where to; replaced if it is there. A home serves it as BASE/api/v1/trust." };
        return new Verb(
            "save",
            "Writes whom the fleet's devices trust now, verified, into a file for a home: a web server on which devices look for it. Takes no token.",
            ("fleetctl trust save /var/www/fleet/api/v1/trust", "for --home https://www.example.org/fleet"))
        {
            file,
        }.Runs(async (parsed, ct) =>
        {
            var settings = common.Read(parsed);
            using var session = await FleetSession.OpenAsync(settings, null, Seen.Of(common, parsed), parsed.InvocationConfiguration.Error, ct);
            var path = parsed.GetRequiredValue(file);
            DurableFile.ReplacePublic(path, session.Trust.Bundle.Encode());
            Show.Lines(parsed, [$"{path}: root {session.Trust.Root.Version}, roster {session.Trust.Roster.Version}, server {session.Trust.Server.Id}"]);
            return ExitCodes.Ok;
        });
    }
}
