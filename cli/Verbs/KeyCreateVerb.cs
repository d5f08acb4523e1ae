using System.CommandLine;
using Messaging.Cli.Hosting;
using Messaging.Cli.Keys;
using Messaging.Cli.Keys.Tokens;
using Messaging.Crypto;

namespace Messaging.Cli.Verbs;

/// <summary><c>fleetctl key create</c></summary>
internal static class KeyCreateVerb
{
    public static Command Create(ITerminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "Where the key is written; FILE.pub gets its public half. Or pkcs11:token=TOKEN;object=NAME: in a token, which it never leaves." };
        var keys = new KeyOptions(terminal);
        var json = Show.JsonOption();
        var verb = new Verb(
            "create",
            "Makes a P-256 key that needs a passphrase of 12 characters or more. The file is never overwritten.",
            ("fleetctl key create owner.pem", "asks for the passphrase twice"),
            ("fleetctl key create /media/stick/root.pem", "the root key, kept where nobody works"),
            ("fleetctl key create owner.pem --passphrase-file phrase.txt", "the first line of a file of mode 0600"),
            ("fleetctl key create 'pkcs11:token=Fleet;object=alice'", "in a smart card, USB key or HSM; see: fleetctl key tokens"))
        {
            file,
            json,
        };
        keys.AddTo(verb);
        return verb.Runs(parsed =>
        {
            var path = parsed.GetRequiredValue(file);
            var view = TokenUri.IsOne(path) ? InToken(TokenUri.Parse(path), keys.Passphrases(parsed)) : InFile(path, keys.Passphrases(parsed));
            if (parsed.GetValue(json))
            {
                Show.Json(parsed, view, ViewJson.Default.KeyView);
            }
            else
            {
                Show.Lines(parsed, view.Lines());
            }

            Show.Note(parsed, TokenUri.IsOne(path)
                ? "It cannot be copied out of the token: have a second owner or root key elsewhere for the day on which the token is lost."
                : $"Keep a copy of {path} and its passphrase in another place: nobody can restore either.");
            return ExitCodes.Ok;
        });
    }

    private static KeyView InFile(string path, PassphraseSource passphrases)
    {
        KeyFile.RequireFree(path);
        KeyFile.RequireFree(PublicKeyFile.PathOf(path));
        using var passphrase = passphrases.Choose(path);
        using var key = IdentityKey.Generate();
        KeyFile.Create(path, passphrase.Text, key);
        PublicKeyFile.Create(path, key.Public);
        return KeyView.Of(path, key.Public);
    }

    private static KeyView InToken(TokenUri uri, PassphraseSource pins) => KeyView.Of(uri.Text, TokenKeys.Create(uri, name => pins.Get(name, 0, 1, "PIN")));
}
