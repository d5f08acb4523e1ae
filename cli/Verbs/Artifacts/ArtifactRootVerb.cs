using System.CommandLine;
using Messaging.Cli.Artifacts;
using Messaging.Cli.Hosting;
using Messaging.Cli.Keys;
using Messaging.Updates.Repository;

namespace Messaging.Cli.Verbs.Artifacts;

/// <summary><c>fleetctl artifact root</c></summary>
internal static class ArtifactRootVerb
{
    public static Command Create(CommonOptions common, ITerminal terminal)
    {
        var rootKeys = TrustChanger.KeyFiles("--root-key", "A root key: of the repository's root of now, and of the fleet's where that is another one since.", required: true);
        var targets = RootEdit.TargetsKeyOption();
        targets.Description = "The public key (FILE.pub) of who signs what there is to install from now on, in the place of those of now. May be repeated.";
        var threshold = RootEdit.ThresholdOption();
        var rootExpires = ExpiresOption.Create("--root-expires", "the root is to");
        var expires = ExpiresOption.Create("--expires", "the targets are to, when their keys change,");
        var keys = new KeyOptions(terminal);
        var verb = new Verb(
            "root",
            "Puts up the next root: with a later end, other keys for the targets, the fleet's root keys of today, and the key that the server has. Where the targets' keys change, these are to be signed again too.",
            ("fleetctl artifact root --root-key root.pem", "for another year, or after fleet-server keys renew"),
            ("fleetctl artifact root --root-key root.pem --targets-key carol.pem.pub", "when an owner's key was lost or stolen"),
            ("fleetctl artifact root --root-key root.pem --root-key root2.pem", "after fleetctl root rotate, by the old and the new key"))
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
            var before = session.Trust is { } trust ? RootPlan.Of(trust.Root) ?? throw new CliException("The repository's root is not one that fleetctl makes.")
                : throw new CliException("There is no repository yet: fleetctl artifact init --root-key FILE");
            var plan = new RootPlan(before.Version + 1, rootEnd, session.Fleet.Root.Root, RootEdit.Targets(parsed, targets, threshold, before.Targets), RootEdit.Online(session));
            using (var ring = keys.Open(parsed, parsed.GetRequiredValue(rootKeys)))
            {
                if (ring.Keys.FirstOrDefault(key => !before.Root.Keys.Contains(key.Public) && !plan.Root.Keys.Contains(key.Public)) is { } stranger)
                {
                    throw new CliException($"The key of --root-key ({stranger.Public}) is neither of root {before.Version} of the repository nor of the fleet's root.");
                }

                await RootEdit.PutAsync(session, plan, ring.Keys, ct);
            }

            if (before.Targets.Threshold != plan.Targets.Threshold || !before.Targets.Keys.SequenceEqual(plan.Targets.Keys))
            {
                await TargetsEdit.Of(session).PutAsync(end, ct);
            }

            await session.ReadAsync(ct);
            var room = SigningRoom.Of(session);
            Show.Lines(parsed, room.Drafts.SelectMany(draft => TargetWords.Of(draft, room).Concat(TargetWords.Signatures(draft, room))));
            Show.Note(parsed, RepositoryText.Next(session));
            return ExitCodes.Ok;
        });
    }
}
