using System.CommandLine;
using Messaging.Cli.Hosting;
using Messaging.Cli.Keys;
using Messaging.Cli.Trust;

namespace Messaging.Cli.Verbs;

/// <summary><c>fleetctl root owners</c></summary>
internal static class RootOwnersVerb
{
    public static Command Create(CommonOptions common, ITerminal terminal)
    {
        var root = TrustChanger.KeyFiles("--root-key", "The root key: it says who the owners are.", required: true);
        var owner = TrustChanger.KeyFiles(
            "--owner-key", "An owner's key, who stays or comes: it signs the roster again, under the new root. Not needed where the root key is an owner's too.", required: false);
        var add = Values("--add", "PUBFILE", "The public key of who comes: FILE.pub, or what the dashboard's page Trust shows. May be repeated.");
        var remove = Values("--remove", "FINGERPRINT", "The key of who goes, as fleetctl trust show names it. May be repeated.");
        var changer = new TrustChanger(common, terminal);
        var verb = new Verb(
            "owners",
            "Lets owners come and go: those whose keys sign rosters. The root keys stay.",
            ("fleetctl root owners --root-key recovery.pem --add browser.pub --remove 1f0c...", "the browser with the owner's key was lost"),
            ("fleetctl root owners --root-key root.pem --owner-key alice.pem --add bob.pub", "bob is an owner from now on, too"))
        {
            root,
            owner,
            add,
            remove,
        };
        changer.AddTo(verb);
        return verb.Runs((parsed, ct) =>
        {
            var rootFiles = parsed.GetRequiredValue(root);
            var added = (parsed.GetValue(add) ?? []).Select(PublicKeyFile.Read).ToList();
            var removed = (parsed.GetValue(remove) ?? []).Select(text => text.ToLowerInvariant()).ToList();
            return changer.RunAsync(
                parsed,
                [.. rootFiles, .. parsed.GetValue(owner) ?? []],
                (trust, keys, now) => new OwnersChange([.. keys.Take(rootFiles.Length)], [.. keys.Skip(rootFiles.Length)], added, removed).Plan(trust, now),
                ct);
        });
    }

    private static Option<string[]> Values(string name, string value, string description) =>
        new(name) { Description = description, HelpName = value, DefaultValueFactory = _ => [] };
}
