using System.CommandLine;
using Messaging.Agent.Configuration;

namespace Messaging.Agent.Hosting;

/// <summary>The options that every command takes, and what they and the other sources say together.</summary>
internal sealed class SettingsOptions
{
    private readonly Option<string?> _file = new("--config")
    {
        Description = $"The configuration file (INI); {ConfigurationSources.DefaultFile} unless given.",
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

    /// <exception cref="AgentOptionsException">Something in it is wrong; the message says what, all of it.</exception>
    public AgentOptions Read(ParseResult parsed) => AgentOptionsLoader.Load(Open(parsed));

    /// <summary>The state folder that the command line names, or null.</summary>
    public string? State(ParseResult parsed) => parsed.GetValue(_state) is { } state ? Path.GetFullPath(state) : null;

    /// <exception cref="AgentOptionsException">There is no such file, or it is not one.</exception>
    public ConfigurationSources Open(ParseResult parsed)
    {
        var above = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        if (State(parsed) is { } state)
        {
            above["Device:State"] = state;
        }

        foreach (var setting in parsed.GetValue(_set) ?? [])
        {
            var parts = setting.Split('=', 2);
            if (parts.Length != 2 || !parts[0].Contains(':', StringComparison.Ordinal))
            {
                throw new AgentOptionsException([$"--set {setting}: write it as Section:Key=Value."]);
            }

            above[parts[0]] = parts[1];
        }

        return ConfigurationSources.Open(parsed.GetValue(_file), above);
    }
}
