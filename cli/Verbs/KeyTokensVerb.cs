using System.CommandLine;
using Messaging.Cli.Hosting;
using Messaging.Cli.Keys.Tokens;

namespace Messaging.Cli.Verbs;

/// <summary><c>fleetctl key tokens</c></summary>
internal static class KeyTokensVerb
{
    public static Command Create()
    {
        var module = new Option<string?>("--module") { Description = "The PKCS #11 library of the token; without it those that p11-kit knows.", HelpName = "FILE" };
        var json = Show.JsonOption();
        var verb = new Verb(
            "tokens",
            "Lists smart cards, USB keys and HSMs (PKCS #11), and the keys that they show, with the URIs that other verbs take instead of a FILE.",
            ("fleetctl key tokens", "what this machine knows"),
            ("fleetctl key tokens --module /usr/lib/softhsm/libsofthsm2.so", "one library's"))
        {
            module,
            json,
        };
        return verb.Runs(parsed =>
        {
            var path = parsed.GetValue(module);
            var tokens = TokenKeys.List(TokenUri.Parse(path is null ? "pkcs11:" : $"pkcs11:?module-path={Uri.EscapeDataString(Path.GetFullPath(path))}"));
            if (parsed.GetValue(json))
            {
                Show.Json(parsed, new TokenList(tokens), ViewJson.Default.TokenList);
            }
            else if (tokens.Count == 0)
            {
                Show.Note(parsed, "No token is there. Plug one in; its library has to be known to p11-kit (Debian: /usr/share/p11-kit/modules), or be named by --module.");
            }
            else
            {
                Show.Lines(parsed, tokens.SelectMany(static token => token.Lines()));
            }

            return ExitCodes.Ok;
        });
    }
}
