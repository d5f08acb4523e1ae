using System.CommandLine;
using Messaging.Cli.Artifacts;
using Messaging.Cli.Hosting;
using Messaging.Cli.Keys;
using Messaging.Cli.Trust;
using Messaging.Updates.Repository;

namespace Messaging.Cli.Verbs.Artifacts;

/// <summary><c>fleetctl artifact init</c></summary>
internal static class ArtifactInitVerb
{
    public static Command Create(CommonOptions common, ITerminal terminal)
    {
        var rootKeys = TrustChanger.KeyFiles("--root-key", "The fleet's root key: it signs the repository's root.", required: true);
        var targets = RootEdit.TargetsKeyOption();
        var threshold = RootEdit.ThresholdOption();
        var rootExpires = ExpiresOption.Create("--root-expires", "the root is to");
        var expires = ExpiresOption.Create("--expires", "the targets are to");
        var keys = new KeyOptions(terminal);
        var verb = new Verb(
            "init",
            "Begins the repository of a fleet: a root that the fleet's root key has signed, which devices begin with, and targets without a release. Nothing is shown to devices before it is signed and published.",
            ("fleetctl artifact init --root-key root.pem", "owners sign what there is to install"),
            ("fleetctl artifact init --root-key root.pem --targets-key alice.pem.pub --targets-key bob.pem.pub --targets-threshold 2", "two of them must"))
        {
            rootKeys,
            targets,
            threshold,
            rootExpires,
            expires,
        };
        keys.AddTo(verb);
        return verb.Runs(async (parsed, ct) =>
        {
            var (rootEnd, end) = (ExpiresOption.Read(parsed, rootExpires), ExpiresOption.Read(parsed, expires));
            using var session = await RepositorySession.OpenAsync(common, parsed, ct);
            RequireNew(session);
            var plan = new RootPlan(1, rootEnd, session.Fleet.Root.Root, RootEdit.Targets(parsed, targets, threshold, session.Fleet.Root.Owner), RootEdit.Online(session));
            using (var ring = keys.Open(parsed, parsed.GetRequiredValue(rootKeys)))
            {
                RootEdit.RequireOf(plan.Root, ring.Keys);
                await RootEdit.PutAsync(session, plan, ring.Keys, ct);
            }

            if (session.TargetsDraft is null)
            {
                await TargetsEdit.Of(session).PutAsync(end, ct);
            }

            await session.ReadAsync(ct);
            Show.Lines(parsed, session.RootDraft is { } draft ? TargetWords.Of(draft, SigningRoom.Of(session)) : []);
            Show.Note(parsed, "Nothing is shown to devices yet. Next: fleetctl artifact add FILE --version VERSION, or right away: fleetctl artifact sign --key FILE");
            return ExitCodes.Ok;
        });
    }

    private static void RequireNew(RepositorySession session)
    {
        if (TrustHolder.IsServer(session.Fleet))
        {
            throw new CliException("The server holds the fleet's root key, and what it signs would not keep from it what devices install. First take the fleet over: fleetctl trust take-over --root-key FILE --owner-key FILE");
        }

        if (session.Trust is { } trust)
        {
            throw new CliException($"There is a repository, with root {trust.Root.Version}. To change its keys, or its end: fleetctl artifact root");
        }

        if (session.RootDraft is not null)
        {
            throw new CliException("A first root waits to be published already: fleetctl artifact list. To take it back: fleetctl artifact discard root");
        }
    }
}
