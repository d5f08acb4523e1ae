using Microsoft.Extensions.Configuration;

namespace Messaging.Agent.Configuration;

/// <summary>Reads and checks the configuration; says everything that is wrong with it at once.</summary>
internal static class AgentOptionsLoader
{
    public const string DefaultFile = "/etc/messaging-agent/agent.conf";
    public const string EnvironmentPrefix = "MESSAGING_AGENT_";

    /// <summary>The sources in rising order of precedence: file, environment (<c>MESSAGING_AGENT_Section__Key</c>), command line.</summary>
    /// <param name="file">An INI file; null: the default one, which may be missing.</param>
    /// <param name="commandLine">Section:Key -> value.</param>
    /// <exception cref="AgentOptionsException">Something in it is wrong.</exception>
    public static AgentOptions Load(string? file, IReadOnlyDictionary<string, string?> commandLine)
    {
        if (file is not null && !File.Exists(file))
        {
            throw new AgentOptionsException([$"There is no configuration file {file}"]);
        }

        var path = Path.GetFullPath(file ?? DefaultFile);
        try
        {
            return Read(new ConfigurationBuilder()
                .AddIniFile(path, optional: file is null, reloadOnChange: false)
                .AddEnvironmentVariables(EnvironmentPrefix)
                .AddInMemoryCollection(commandLine)
                .Build());
        }
        catch (Exception e) when (e is FormatException or InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new AgentOptionsException([$"{path}: {e.InnerException?.Message ?? e.Message}"]);
        }
    }

    /// <exception cref="AgentOptionsException">Something in it is wrong.</exception>
    public static AgentOptions Read(IConfiguration configuration)
    {
        var problems = new List<string>();
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, text) in configuration.AsEnumerable())
        {
            if (text is null)
            {
                continue; // A section.
            }

            if (OptionCatalog.Find(key) is not { } option)
            {
                problems.Add(Unknown(key));
            }
            else if (OptionValue.Normalize(option, text, out var normalized) is { } problem)
            {
                problems.Add($"{option.Key}: {problem}");
            }
            else
            {
                values[key] = normalized;
            }
        }

        var options = new ConfigurationBuilder().AddInMemoryCollection(values).Build().Get<AgentOptions>() ?? new AgentOptions();
        problems.AddRange(AgentOptionsRules.Check(options));
        return problems.Count == 0 ? options : throw new AgentOptionsException(problems);
    }

    private static string Unknown(string key)
    {
        var nearest = OptionCatalog.All.MinBy(option => EditDistance.Between(option.Key.ToLowerInvariant(), key.ToLowerInvariant()))!;
        var isNear = EditDistance.Between(nearest.Key.ToLowerInvariant(), key.ToLowerInvariant()) <= Math.Max(2, key.Length / 3);
        return $"{key}: there is no such option{(isNear ? $"; did you mean {nearest.Key}?" : "")}";
    }
}
