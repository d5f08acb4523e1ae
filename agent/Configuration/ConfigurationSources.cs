using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Ini;

namespace Messaging.Agent.Configuration;

/// <summary>The file, the environment and the command line, together and apart.</summary>
internal sealed class ConfigurationSources
{
    public const string DefaultFile = "/etc/messaging-agent/agent.conf";
    public const string EnvironmentPrefix = "MESSAGING_AGENT_";
    private readonly IConfigurationRoot _root;
    private readonly Dictionary<string, int> _lines;
    private IConfiguration _values;
    private IReadOnlyDictionary<string, string> _desired = new Dictionary<string, string>();

    private ConfigurationSources(string file, bool exists, IConfigurationRoot root, Dictionary<string, int> lines)
    {
        _values = root;
        File = file;
        FileExists = exists;
        _root = root;
        _lines = lines;
    }

    /// <summary>The absolute path of the file.</summary>
    public string File { get; }

    /// <summary>The default one may be missing.</summary>
    public bool FileExists { get; }

    /// <summary>What they say together, with what the fleet wants above them.</summary>
    public IConfiguration Values => _values;

    /// <summary>What the fleet wants; stands above all others.</summary>
    public void SetDesired(IReadOnlyDictionary<string, string> values)
    {
        _desired = values;
        var above = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, text) in _root.AsEnumerable())
        {
            if (text is not null)
            {
                above[key] = text;
            }
        }

        foreach (var (key, text) in values)
        {
            above[key] = text;
        }

        _values = new ConfigurationBuilder().AddInMemoryCollection(above).Build();
    }

    /// <summary>The sources in rising order of precedence: file, environment (<c>MESSAGING_AGENT_Section__Key</c>), command line.</summary>
    /// <param name="file">An INI file; null: the default one, which may be missing.</param>
    /// <param name="commandLine">Section:Key -> value.</param>
    /// <exception cref="AgentOptionsException">There is no such file, or it is not one.</exception>
    public static ConfigurationSources Open(string? file, IReadOnlyDictionary<string, string?> commandLine)
    {
        if (file is not null && !System.IO.File.Exists(file))
        {
            throw new AgentOptionsException([$"There is no configuration file {file}"]);
        }

        var path = Path.GetFullPath(file ?? DefaultFile);
        try
        {
            var lines = System.IO.File.Exists(path) ? System.IO.File.ReadAllLines(path) : null;
            if (lines is not null && IniLines.FirstProblem(lines) is { } problem)
            {
                throw new AgentOptionsException([$"{path}:{problem.Line}: {problem.What}"]);
            }

            // From the lines, not from the file: a provider of files brings watching and globbing along, a tenth of a megabyte of native code.
            using var content = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', lines ?? [])));
            var root = new ConfigurationBuilder()
                .AddIniStream(content)
                .AddEnvironmentVariables(EnvironmentPrefix)
                .AddInMemoryCollection(commandLine)
                .Build();
            return new ConfigurationSources(path, lines is not null, root, IniLines.Keys(lines ?? []));
        }
        catch (Exception e) when (e is FormatException or InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new AgentOptionsException([$"{path}: {e.InnerException?.Message ?? e.Message}"]);
        }
    }

    public OptionOrigin OriginOf(string key) => _desired.ContainsKey(key) ? OptionOrigin.Desired : _root.Providers.LastOrDefault(provider => provider.TryGet(key, out var value) && value is not null) switch
    {
        null => OptionOrigin.Default,
        IniStreamConfigurationProvider => OptionOrigin.File,
        EnvironmentVariablesConfigurationProvider => OptionOrigin.Environment,
        _ => OptionOrigin.CommandLine,
    };

    /// <summary>Where a person finds the value, to change it; null for a default.</summary>
    public string? PlaceOf(string key) => OriginOf(key) switch
    {
        OptionOrigin.File => _lines.TryGetValue(key, out var line) ? $"{File}:{line}" : File,
        OptionOrigin.Environment => "environment " + EnvironmentPrefix + key.Replace(":", "__", StringComparison.Ordinal),
        OptionOrigin.CommandLine => "command line",
        OptionOrigin.Desired => "desired state of the fleet",
        _ => null,
    };

    /// <summary>The line of the file that sets it; null when another source does.</summary>
    public int? LineOf(string key) => OriginOf(key) == OptionOrigin.File && _lines.TryGetValue(key, out var line) ? line : null;
}
