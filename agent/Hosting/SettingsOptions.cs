using System.CommandLine;
using Messaging.Agent.Configuration;
using Microsoft.Extensions.Configuration;

namespace Messaging.Agent.Hosting;

/// <summary>The options that every command takes, and what they and the other sources say together.</summary>
internal sealed class SettingsOptions
{
    private const string DefaultFile = "/etc/messaging-agent/agent.conf";
    private const string EnvironmentPrefix = "MESSAGING_AGENT_";

    private readonly Option<string?> _file = new("--config")
    {
        Description = $"The configuration file (INI); {DefaultFile} unless given.",
        HelpName = "FILE",
        Recursive = true,
    };

    private readonly Option<string?> _state = new("--state")
    {
        Description = "The state folder: keys, spool, journal of commands; /var/lib/messaging-agent unless given.",
        HelpName = "DIR",
        Recursive = true,
    };

    private readonly Option<string[]> _set = new("--set")
    {
        Description = "One option of the configuration; stands above the file and the environment. May be repeated.",
        HelpName = "SECTION:KEY=VALUE",
        Recursive = true,
        DefaultValueFactory = _ => [],
    };

    public void AddTo(Command root)
    {
        root.Options.Add(_file);
        root.Options.Add(_state);
        root.Options.Add(_set);
    }

    /// <exception cref="InvalidDataException">Something in it is wrong; the message says what.</exception>
    public AgentOptions Read(ParseResult parsed)
    {
        var file = parsed.GetValue(_file);
        if (file is not null && !File.Exists(file))
        {
            throw new InvalidDataException($"There is no configuration file {file}.");
        }

        var builder = new ConfigurationBuilder()
            .AddIniFile(Path.GetFullPath(file ?? DefaultFile), optional: true, reloadOnChange: false)
            .AddEnvironmentVariables(EnvironmentPrefix);
        var above = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        if (parsed.GetValue(_state) is { } state)
        {
            above["Device:State"] = Path.GetFullPath(state);
        }

        foreach (var setting in parsed.GetValue(_set) ?? [])
        {
            var parts = setting.Split('=', 2);
            if (parts.Length != 2 || !parts[0].Contains(':', StringComparison.Ordinal))
            {
                throw new InvalidDataException($"--set {setting}: write it as Section:Key=Value.");
            }

            above[parts[0]] = parts[1];
        }

        builder.AddInMemoryCollection(above);
        try
        {
            return builder.Build().Get<AgentOptions>() ?? new AgentOptions();
        }
        catch (InvalidOperationException e)
        {
            throw new InvalidDataException(e.Message, e);
        }
    }
}
