using System.CommandLine;
using Messaging.Cli.Hosting;
using Messaging.Cli.Keys;
using Messaging.Crypto;

namespace Messaging.Cli.Verbs;

/// <summary><c>fleetctl key create</c></summary>
internal static class KeyCreateVerb
{
    public static Command Create(ITerminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "Where the key is written; FILE.pub gets its public half." };
        var keys = new KeyOptions(terminal);
        var json = Show.JsonOption();
        var verb = new Verb(
            "create",
            "Makes a P-256 key that needs a passphrase of 12 characters or more. The file is never overwritten.",
            ("fleetctl key create owner.pem", "asks for the passphrase twice"),
            ("fleetctl key create /media/stick/root.pem", "the root key, kept where nobody works"),
            ("fleetctl key create owner.pem --passphrase-file phrase.txt", "the first line of a file of mode 0600"))
        {
            file,
            json,
        };
        keys.AddTo(verb);
        return verb.Runs(parsed =>
        {
            var path = parsed.GetRequiredValue(file);
            KeyFile.RequireFree(path);
            KeyFile.RequireFree(PublicKeyFile.PathOf(path));
            using var passphrase = keys.Passphrases(parsed).Choose(path);
            using var key = IdentityKey.Generate();
            KeyFile.Create(path, passphrase.Text, key);
            PublicKeyFile.Create(path, key.Public);
            var view = KeyView.Of(path, key.Public);
            if (parsed.GetValue(json))
            {
                Show.Json(parsed, view, ViewJson.Default.KeyView);
            }
            else
            {
                Show.Lines(parsed, view.Lines());
            }

            Show.Note(parsed, $"Keep a copy of {path} and its passphrase in another place: nobody can restore either.");
            return ExitCodes.Ok;
        });
    }
}
