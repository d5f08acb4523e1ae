using System.CommandLine;
using Messaging.Cli.Configuration;
using Messaging.Cli.Hosting;
using Messaging.Cli.Server;

namespace Messaging.Cli.Verbs;

/// <summary><c>fleetctl config set</c></summary>
internal static class ConfigSetVerb
{
    public static Command Create(CommonOptions common) => new Verb(
        "set",
        "Keeps what is given with --url, --token-file, --fleet and --ca-file, so that it need not be typed. What is not given stays.",
        ("fleetctl config set --url https://fleet.example --token-file ~/.fleet-token --fleet 4be0...", "all at once"),
        ("fleetctl config set --token-file ~/.other-token", "only the token"))
        .Runs(parsed =>
        {
            var given = common.Given(parsed);
            if (given == new StoredConfiguration())
            {
                throw new CliException("Give what is to be kept: --url URL, --token-file FILE, --fleet FINGERPRINT or --ca-file FILE.", ExitCodes.Usage);
            }

            var file = common.File(parsed);
            var before = file.Load();
            file.Save(new StoredConfiguration(
                given.Url is { } url ? FleetSettings.ParseUrl(url).AbsoluteUri : before.Url,
                given.TokenFile is { } token ? RequireToken(token) : before.TokenFile,
                given.Fleet is { } fleet ? Convert.ToHexStringLower(FleetSettings.ParseFingerprint(fleet)) : before.Fleet,
                given.CaFile is { } authorities ? RequireAuthorities(authorities) : before.CaFile));
            Show.Note(parsed, $"Kept in {file.Path}.");
            return ExitCodes.Ok;
        });

    /// <summary>From whatever folder it is used later.</summary>
    private static string RequireToken(string path)
    {
        var full = Path.GetFullPath(path);
        FleetSettings.ReadToken(full);
        return full;
    }

    private static string RequireAuthorities(string path)
    {
        var full = Path.GetFullPath(path);
        Authorities.Load(full);
        return full;
    }
}
