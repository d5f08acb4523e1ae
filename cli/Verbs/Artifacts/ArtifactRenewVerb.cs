using System.CommandLine;
using Messaging.Cli.Artifacts;
using Messaging.Cli.Hosting;

namespace Messaging.Cli.Verbs.Artifacts;

/// <summary><c>fleetctl artifact renew</c></summary>
internal static class ArtifactRenewVerb
{
    public static Command Create(CommonOptions common)
    {
        var expires = ExpiresOption.Create("--expires", "the targets are to");
        var verb = new Verb(
            "renew",
            "Puts the targets up for signatures as they are, with a later end; also what a server needs that was restored from a backup.",
            ("fleetctl artifact renew", "for another year, then fleetctl artifact sign"),
            ("fleetctl artifact renew --expires 90d", "for three months"))
        {
            expires,
        };
        return verb.Runs(async (parsed, ct) =>
        {
            var end = ExpiresOption.Read(parsed, expires);
            using var session = await RepositorySession.OpenAsync(common, parsed, ct);
            if (session.Targets is null && session.TargetsDraft is null)
            {
                throw new CliException("There are no targets yet: fleetctl artifact init");
            }

            await TargetsEdit.Of(session).PutAsync(end, ct);
            await session.ReadAsync(ct);
            Show.Lines(parsed, session.TargetsDraft is { } draft ? TargetWords.Of(draft, SigningRoom.Of(session)) : []);
            Show.Note(parsed, "Next: fleetctl artifact sign --key FILE");
            return ExitCodes.Ok;
        });
    }
}
