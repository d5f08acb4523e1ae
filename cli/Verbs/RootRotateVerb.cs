using System.CommandLine;
using Messaging.Cli.Hosting;
using Messaging.Cli.Keys;
using Messaging.Cli.Trust;

namespace Messaging.Cli.Verbs;

/// <summary><c>fleetctl root rotate</c></summary>
internal static class RootRotateVerb
{
    public static Command Create(CommonOptions common, ITerminal terminal)
    {
        var old = TrustChanger.KeyFiles("--root-key", "The present root key.", required: true);
        var next = TrustChanger.KeyFiles("--new-root-key", "The root key from now on.", required: true);
        var newOwner = TrustChanger.KeyFiles("--new-owner-key", "An owner's key from now on, in the place of the present ones: when one of those was lost or stolen.", required: false);
        var owner = TrustChanger.KeyFiles("--owner-key", "The owner's key: it signs the roster again, under the new root. Not needed, and not opened, with --new-owner-key.", required: false);
        var changer = new TrustChanger(common, terminal);
        var verb = new Verb(
            "rotate",
            "Puts other keys in the place of the root's, and of the owners' if need be. Signed by the old root key and the new one.",
            ("fleetctl root rotate --root-key root.pem --new-root-key root2.pem --owner-key owner.pem", "the owner stays"),
            ("fleetctl root rotate --root-key root.pem --new-root-key root2.pem --new-owner-key owner2.pem", "the owner's key was stolen"))
        {
            old,
            next,
            newOwner,
            owner,
        };
        changer.AddTo(verb);
        return verb.Runs((parsed, ct) =>
        {
            var oldFiles = parsed.GetRequiredValue(old);
            var nextFiles = parsed.GetRequiredValue(next);
            var newOwners = parsed.GetValue(newOwner) ?? [];
            var owners = newOwners.Length > 0 ? newOwners : parsed.GetValue(owner) ?? [];
            if (owners.Length == 0)
            {
                throw new CliException("Give --owner-key FILE, or --new-owner-key FILE for other owners: somebody has to sign the roster under the new root.", ExitCodes.Usage);
            }

            return changer.RunAsync(
                parsed,
                [.. oldFiles, .. nextFiles, .. owners],
                (trust, keys, now) =>
                {
                    var signers = keys.Skip(oldFiles.Length + nextFiles.Length).ToList();
                    return new Rotation(
                        [.. keys.Take(oldFiles.Length)],
                        [.. keys.Skip(oldFiles.Length).Take(nextFiles.Length)],
                        newOwners.Length > 0 ? signers : [],
                        newOwners.Length > 0 ? [] : signers).Plan(trust, now);
                },
                ct);
        });
    }
}
