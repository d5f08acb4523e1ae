using System.CommandLine;
using Messaging.Cli.Hosting;
using Messaging.Cli.Keys;
using Messaging.Cli.Keys.Tokens;
using Messaging.Wire;

namespace Messaging.Cli.Verbs;

/// <summary><c>fleetctl key show</c></summary>
internal static class KeyShowVerb
{
    public static Command Create(ITerminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "The key. FILE.pub is read; without it the key itself, with its passphrase. Or the PKCS #11 URI of a key in a token." };
        var point = new Option<bool>("--public") { Description = "Only the public key, one line: what FILE.pub holds." };
        var keys = new KeyOptions(terminal);
        var json = Show.JsonOption();
        var verb = new Verb(
            "show",
            "Shows a key's fingerprint, the id of its principal, and its public half.",
            ("fleetctl key show owner.pem", "all three"),
            ("fleetctl key show alice.pem --public > alice.pub", "what an owner needs to add alice to the roster"),
            ("fleetctl key show owner.pem --json", "for a program"))
        {
            file,
            point,
            json,
        };
        keys.AddTo(verb);
        return verb.Runs(parsed =>
        {
            var path = parsed.GetRequiredValue(file);
            var view = KeyView.Of(path, TokenUri.IsOne(path)
                ? TokenKeys.Show(TokenUri.Parse(path), name => keys.Passphrases(parsed).Get(name, 0, 1, "PIN"))
                : Read(path, keys, parsed));
            if (parsed.GetValue(json))
            {
                Show.Json(parsed, view, ViewJson.Default.KeyView);
            }
            else
            {
                Show.Lines(parsed, parsed.GetValue(point) ? [view.Public] : view.Lines());
            }

            return ExitCodes.Ok;
        });
    }

    private static IdentityPublicKey Read(string path, KeyOptions keys, ParseResult parsed)
    {
        if (File.Exists(PublicKeyFile.PathOf(path)))
        {
            return PublicKeyFile.Read(PublicKeyFile.PathOf(path));
        }

        if (!File.Exists(path))
        {
            throw new CliException($"Neither {PublicKeyFile.PathOf(path)} nor {path} is there.");
        }

        using var ring = keys.Open(parsed, [path]);
        return ring.Keys[0].Public;
    }
}
