using Messaging.Cli.Hosting;
using Messaging.Cli.Storage;
using Messaging.Wire;

namespace Messaging.Cli.Configuration;

/// <summary>Which server and which fleet, after the command line, the environment and the configuration were asked in this order.</summary>
/// <param name="Url">https, or http on a loopback address.</param>
/// <param name="TokenFile">The file with the API token; null: none.</param>
/// <param name="Fleet">SHA-256 of a root's payload, 32 bytes.</param>
/// <param name="CaFile">A PEM file of authorities; null: none but the system's.</param>
/// <param name="FleetIsStored">True when the configuration says which fleet.</param>
internal sealed record FleetSettings(Uri Url, string? TokenFile, byte[] Fleet, string? CaFile, bool FleetIsStored)
{
    /// <exception cref="CliException">Something is missing or wrong.</exception>
    public static FleetSettings Resolve(StoredConfiguration given, string? environmentUrl, StoredConfiguration stored)
    {
        var url = given.Url ?? (string.IsNullOrEmpty(environmentUrl) ? null : environmentUrl) ?? stored.Url
            ?? throw Missing("Which server? Give --url https://HOST, or keep it: fleetctl config set --url https://HOST");
        var fleet = given.Fleet ?? stored.Fleet
            ?? throw Missing("Which fleet? Give --fleet FINGERPRINT (64 hexadecimal digits of one of its roots), or keep it: fleetctl config set --fleet FINGERPRINT");
        return new FleetSettings(
            ParseUrl(url), given.TokenFile ?? stored.TokenFile, ParseFingerprint(fleet), given.CaFile ?? stored.CaFile, given.Fleet is null);
    }

    /// <exception cref="CliException">It is no address of a server.</exception>
    public static Uri ParseUrl(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Host.Length == 0 || url.UserInfo.Length > 0 || url.Query.Length > 0 || url.Fragment.Length > 0)
        {
            throw Missing($"{text} is no address of a server: write it as https://HOST or https://HOST:PORT.");
        }

        return url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback)
            ? url
            : throw Missing($"{text}: without TLS the token would be readable on the way. Use https://; http:// is for a loopback address only.");
    }

    /// <exception cref="CliException">It is no fingerprint.</exception>
    public static byte[] ParseFingerprint(string text) => text.Length == 2 * WireLimits.HashBytes && text.All(char.IsAsciiHexDigit)
        ? Convert.FromHexString(text)
        : throw Missing("A fleet's fingerprint has 64 hexadecimal digits: the SHA-256 of one of its roots.");

    /// <summary>The API token of these settings.</summary>
    /// <exception cref="CliException">There is none, or others may read it.</exception>
    public string ReadToken() => ReadToken(TokenFile
        ?? throw Missing("Which API token? Put one into a file of mode 0600 and give --token-file FILE, or keep it: fleetctl config set --token-file FILE"));

    /// <summary>The API token in a file.</summary>
    /// <exception cref="CliException">There is none, or others may read it.</exception>
    public static string ReadToken(string file)
    {
        var token = new string(SecretFile.ReadFirstLine(file)).Trim();
        return token.Length > 0 && token.All(static c => c is > ' ' and <= '~')
            ? token
            : throw new CliException($"{file} holds no API token: they begin with mtk_ and are one word.");
    }

    private static CliException Missing(string message) => new(message, ExitCodes.Usage);
}
