using System.CommandLine;
using Messaging.Cli.Hosting;
using Messaging.Cli.Keys.Tokens;
using Messaging.Cli.Storage;
using Messaging.Cli.Trust;
using Messaging.Wire;

namespace Messaging.Cli.Verbs;

internal static class Seen
{
    /// <summary>What this machine has seen is kept beside the configuration.</summary>
    public static SeenTrust Of(CommonOptions common, ParseResult parsed) => new(Path.Combine(common.File(parsed).Folder, "trust"));

    /// <summary>Beside what the numbers of a key's commands are kept: the key's file; for a key in a token, which has none, a name beside the configuration.</summary>
    /// <param name="key">The file, or the PKCS #11 URI.</param>
    /// <param name="publicKey">Its public half.</param>
    public static string PlaceOfKey(CommonOptions common, ParseResult parsed, string key, IdentityPublicKey publicKey)
    {
        if (!TokenUri.IsOne(key))
        {
            return key;
        }

        var folder = Path.Combine(common.File(parsed).Folder, "tokens");
        DurableFile.CreatePrivateFolder(folder);
        return Path.Combine(folder, publicKey.ToString());
    }
}
