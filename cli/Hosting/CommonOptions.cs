using System.CommandLine;
using Messaging.Cli.Configuration;

namespace Messaging.Cli.Hosting;

/// <summary>The options that every command takes: which server, which fleet, and how this machine is known there.</summary>
internal sealed class CommonOptions
{
    private const string UrlVariable = "FLEETCTL_URL";

    private readonly Option<string?> _url = new("--url")
    {
        Description = $"The server, https://host[:port]; http on a loopback address only. Else {UrlVariable}, else the configuration.",
        HelpName = "URL",
        Recursive = true,
    };

    private readonly Option<string?> _tokenFile = new("--token-file")
    {
        Description = "A file of mode 0600 with an API token of the server (mtk_...).",
        HelpName = "FILE",
        Recursive = true,
    };

    private readonly Option<string?> _fleet = new("--fleet")
    {
        Description = "The fingerprint of one of the fleet's roots, 64 hexadecimal digits: what the server says has to rest on it.",
        HelpName = "FINGERPRINT",
        Recursive = true,
    };

    private readonly Option<string?> _caFile = new("--ca-file")
    {
        Description = "A PEM file of authorities that may vouch for the server's certificate, beside the system's and the fleet's own pins.",
        HelpName = "FILE",
        Recursive = true,
    };

    private readonly Option<string?> _config = new("--config")
    {
        Description = $"The configuration file; {ConfigFile.DefaultPath} unless given.",
        HelpName = "FILE",
        Recursive = true,
    };

    public void AddTo(Command root)
    {
        foreach (var option in new[] { _url, _tokenFile, _fleet, _caFile, _config })
        {
            root.Options.Add(option);
        }
    }

    public ConfigFile File(ParseResult parsed) => new(Path.GetFullPath(parsed.GetValue(_config) ?? ConfigFile.DefaultPath));

    /// <summary>What the command line says, and nothing else.</summary>
    public StoredConfiguration Given(ParseResult parsed) =>
        new(parsed.GetValue(_url), parsed.GetValue(_tokenFile), parsed.GetValue(_fleet), parsed.GetValue(_caFile));

    /// <summary>The fleet's fingerprint alone, where no server is asked.</summary>
    /// <exception cref="CliException">It is missing or wrong.</exception>
    public byte[] ReadFleet(ParseResult parsed) => FleetSettings.ParseFingerprint(parsed.GetValue(_fleet) ?? File(parsed).Load().Fleet
        ?? throw new CliException("Which fleet? Give --fleet FINGERPRINT (64 hexadecimal digits of one of its roots): what is signed has to rest on it.", ExitCodes.Usage));

    /// <exception cref="CliException">Something is missing or wrong.</exception>
    public FleetSettings Read(ParseResult parsed) =>
        FleetSettings.Resolve(Given(parsed), Environment.GetEnvironmentVariable(UrlVariable), File(parsed).Load());
}
