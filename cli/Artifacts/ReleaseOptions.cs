using System.CommandLine;
using Messaging.Cli.Hosting;
using Messaging.Updates.Releases;

namespace Messaging.Cli.Artifacts;

/// <summary>What is said of a release on the command line.</summary>
internal sealed class ReleaseOptions
{
    private const string AgentKind = "agent";
    private const string AgentName = "messaging-agent";

    private readonly Option<string?> _name = new("--name") { Description = $"The component that it replaces; {AgentName} for the kind {AgentKind} unless given.", HelpName = "NAME" };
    private readonly Option<string> _version = new("--version") { Description = "Its version, as of Semantic Versioning.", HelpName = "VERSION", Required = true };
    private readonly Option<string> _kind = new("--kind") { Description = "How devices install it: the name of a hook.", HelpName = "KIND", DefaultValueFactory = _ => AgentKind };
    private readonly Option<long?> _counter = new("--counter") { Description = "Devices never go below it. Without it: one above the last release, or that of the same version for other hardware.", HelpName = "N" };
    private readonly Option<string[]> _hardware = Many("--hardware", "TAG", "For devices with this tag alone: linux-arm64, or what their owner says. Of an agent's executable the platform unless given. May be repeated.");
    private readonly Option<string[]> _requires = Many("--requires", "NAME>=VERSION", "What must be there before. May be repeated.");
    private readonly Option<string[]> _params = Many("--param", "NAME=TEXT", "For the hook; of an agent's executable also which build it is, unless given. May be repeated.");
    private readonly Option<int> _seconds = new("--health-seconds") { Description = "For how long all checks must pass together.", HelpName = "N", DefaultValueFactory = _ => HealthChecks.None.Seconds };
    private readonly Option<int> _deadline = new("--health-deadline") { Description = "Seconds after which it is unhealthy.", HelpName = "N", DefaultValueFactory = _ => HealthChecks.None.DeadlineSeconds };
    private readonly Option<string[]> _units = Many("--health-unit", "UNIT", "A unit of systemd that must be active. May be repeated.");
    private readonly Option<string[]> _http = Many("--health-http", "URL", "An address that must answer with 200 to 299. May be repeated.");
    private readonly Option<string[]> _tcp = Many("--health-tcp", "HOST:PORT", "What must accept a connection. May be repeated.");
    private readonly Option<string[]> _scripts = Many("--health-script", "NAME", "A script of the device that must end with 0. May be repeated.");

    public void AddTo(Command verb)
    {
        foreach (var option in new Option[] { _name, _version, _kind, _counter, _hardware, _requires, _params, _seconds, _deadline, _units, _http, _tcp, _scripts })
        {
            verb.Options.Add(option);
        }
    }

    public long? Counter(ParseResult parsed) => parsed.GetValue(_counter);

    /// <summary>The release, but for its counter, content and deltas.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="file">What is added.</param>
    /// <exception cref="CliException">Something is wrong.</exception>
    public Release Read(ParseResult parsed, string file)
    {
        var kind = parsed.GetRequiredValue(_kind);
        Require(ReleaseText.IsKind(kind), "--kind", kind, "a letter, then letters, digits and minuses, at most 32");
        var name = parsed.GetValue(_name) ?? (kind == AgentKind ? AgentName : throw new CliException("Which component is it? Give --name NAME.", ExitCodes.Usage));
        Require(ReleaseText.IsName(name), "--name", name, "lower-case letters, digits and .+-, at most 64");
        var version = Version("--version", parsed.GetRequiredValue(_version));
        var hardware = parsed.GetValue(_hardware) ?? [];
        if (hardware.Length == 0 && kind == AgentKind)
        {
            hardware = ElfMachine.Of(file) is { } machine
                ? [machine]
                : throw new CliException($"{file} is no executable for a platform of the agent (ELF for arm64, x64 or arm). Give --kind for something else, or --hardware.", ExitCodes.Usage);
        }

        foreach (var tag in hardware)
        {
            Require(ReleaseText.IsHardware(tag), "--hardware", tag, "lower-case letters, digits and .,_+-, at most 64");
        }

        return new Release
        {
            Kind = kind,
            Name = name,
            Version = version,
            Counter = 0,
            Hardware = hardware,
            Requires = [.. (parsed.GetValue(_requires) ?? []).Select(Requirement)],
            Parameters = Parameters(parsed, kind, file),
            Health = Health(parsed),
        };
    }

    private static Option<string[]> Many(string name, string what, string description) => new(name) { Description = description, HelpName = what, DefaultValueFactory = _ => [] };

    private static SemanticVersion Version(string option, string text) => SemanticVersion.TryParse(text, out var version)
        ? version
        : throw new CliException($"{option} {TerminalText.Line(text)}: write it as 1.4.0, or 1.5.0-rc.1 (Semantic Versioning).", ExitCodes.Usage);

    private static Release.Requirement Requirement(string text)
    {
        var at = text.IndexOf(">=", StringComparison.Ordinal);
        var name = at < 0 ? "" : text[..at];
        Require(ReleaseText.IsName(name), "--requires", text, "NAME>=VERSION");
        return new Release.Requirement(name, Version("--requires", text[(at + 2)..]));
    }

    /// <summary>Those that are given; of an agent's executable also which build it is, so that devices on which it would not start refuse it before they fetch it.</summary>
    private List<KeyValuePair<string, string>> Parameters(ParseResult parsed, string kind, string file)
    {
        List<KeyValuePair<string, string>> parameters = [.. (parsed.GetValue(_params) ?? []).Select(Parameter)];
        if (kind == AgentKind && !parameters.Exists(static one => one.Key == Release.BuildParameter) && AgentBuild.Of(file) is { } build)
        {
            parameters.Add(new KeyValuePair<string, string>(Release.BuildParameter, build));
        }

        return parameters;
    }

    private static KeyValuePair<string, string> Parameter(string text)
    {
        var at = text.IndexOf('=', StringComparison.Ordinal);
        var (name, value) = at < 0 ? ("", "") : (text[..at], text[(at + 1)..]);
        Require(ReleaseText.IsParameter(name) && ReleaseText.IsValue(value), "--param", text, $"NAME=TEXT, a text of at most {ReleaseText.MaxValueBytes} bytes");
        return new KeyValuePair<string, string>(name, value);
    }

    private static void Require(bool isSound, string option, string text, string form)
    {
        if (!isSound)
        {
            throw new CliException($"{option} {TerminalText.Line(text)}: write it as {form}.", ExitCodes.Usage);
        }
    }

    private HealthChecks Health(ParseResult parsed)
    {
        var (seconds, deadline) = (parsed.GetValue(_seconds), parsed.GetValue(_deadline));
        if (seconds is < 0 or > HealthChecks.MaxSeconds || deadline is < HealthChecks.MinDeadlineSeconds or > HealthChecks.MaxSeconds || deadline <= seconds)
        {
            throw new CliException(
                $"--health-seconds is 0 to {HealthChecks.MaxSeconds}, and --health-deadline {HealthChecks.MinDeadlineSeconds} to {HealthChecks.MaxSeconds} and above it.", ExitCodes.Usage);
        }

        var health = new HealthChecks
        {
            Seconds = seconds,
            DeadlineSeconds = deadline,
            Units = parsed.GetValue(_units) ?? [],
            Http = parsed.GetValue(_http) ?? [],
            Tcp = parsed.GetValue(_tcp) ?? [],
            Scripts = parsed.GetValue(_scripts) ?? [],
        };
        foreach (var url in health.Http)
        {
            Require(ReleaseText.IsHttp(url), "--health-http", url, "http://HOST/PATH or https://HOST/PATH");
        }

        foreach (var place in health.Tcp)
        {
            Require(ReleaseText.IsTcp(place), "--health-tcp", place, "HOST:PORT");
        }

        return health;
    }
}
