using System.Collections;
using System.Net;

namespace Messaging.FleetServer.Hosting;

/// <summary>Puts options together: defaults, then DATA/fleet-server.conf, then FLEET_* variables, then the command line.</summary>
internal static class OptionsReader
{
    public const string FileName = "fleet-server.conf";

    /// <summary>Set by Kubernetes for a service of this name, and by the dashboard's own tools: never meant for us.</summary>
    private const string ForeignPrefix = "FLEET_SERVER_";

    /// <param name="commandLine">Values by option name.</param>
    /// <param name="environment">The process's environment.</param>
    /// <param name="defaults">Where everything starts from.</param>
    /// <returns>The options, and everything that is wrong with them: use them only when there are no errors.</returns>
    public static (FleetServerOptions Options, IReadOnlyList<string> Errors) Read(
        IReadOnlyDictionary<string, string> commandLine, IDictionary environment, FleetServerOptions? defaults = null)
    {
        var errors = new List<string>();
        var variables = Variables(environment, errors);
        var options = defaults ?? new FleetServerOptions();

        // The folder is needed before the file in it can be read.
        foreach (var source in new[] { variables, commandLine })
        {
            if (source.TryGetValue(OptionSpecs.Data, out var folder))
            {
                options = options with { DataFolder = Path.GetFullPath(folder) };
            }
        }

        var path = options.PathOf(FileName);
        var file = ReadFile(path, errors);
        options = Apply(options, file, path, static spec => spec.Name, errors);
        options = Apply(options, variables, "environment", static spec => spec.EnvironmentName, errors);
        options = Apply(options, commandLine, "command line", static spec => "--" + spec.Name, errors);
        if (options.AllowAnonymous)
        {
            options = ForThisMachine(options, name => file.ContainsKey(name) || variables.ContainsKey(name) || commandLine.ContainsKey(name));
        }

        errors.AddRange(OptionsValidator.Validate(options));
        return (options, errors);
    }

    /// <summary>What is open to everybody is not open to the network unless somebody says so, which is refused.</summary>
    private static FleetServerOptions ForThisMachine(FleetServerOptions options, Func<string, bool> isSet) => options with
    {
        ListenAddress = isSet("listen") ? options.ListenAddress : IPAddress.Loopback,
        Tls = isSet("tls") && options.Tls,
        Port = options.Port ?? 0,
    };

    private static FleetServerOptions Apply(
        FleetServerOptions options, IReadOnlyDictionary<string, string> values, string source, Func<OptionSpec, string> name, List<string> errors)
    {
        foreach (var spec in OptionSpecs.All)
        {
            if (!values.TryGetValue(spec.Name, out var value))
            {
                continue;
            }

            try
            {
                options = spec.Apply(options, value);
            }
            catch (FormatException e)
            {
                errors.Add($"{source}: {name(spec)} {e.Message}");
            }
        }

        return options;
    }

    private static Dictionary<string, string> Variables(IDictionary environment, List<string> errors)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in environment.Keys.OfType<string>().Order(StringComparer.Ordinal))
        {
            if (!name.StartsWith("FLEET_", StringComparison.Ordinal) || name.StartsWith(ForeignPrefix, StringComparison.Ordinal))
            {
                continue;
            }

            if (OptionSpecs.All.FirstOrDefault(spec => spec.EnvironmentName == name) is { } spec)
            {
                values[spec.Name] = (string)environment[name]!;
            }
            else
            {
                errors.Add($"environment: {name} is not an option.");
            }
        }

        return values;
    }

    private static Dictionary<string, string> ReadFile(string path, List<string> errors)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!File.Exists(path))
        {
            return values;
        }

        var number = 0;
        foreach (var line in File.ReadLines(path).Select(static line => line.Trim()))
        {
            number++;
            if (line.Length == 0 || line[0] is '#' or ';')
            {
                continue;
            }

            var equals = line.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? line : line[..equals].TrimEnd();
            if (equals < 0 || OptionSpecs.All.All(spec => spec.Name != name || name == OptionSpecs.Data))
            {
                errors.Add($"{path}:{number}: '{name}' is not an option; a line is: name = value");
            }
            else if (!values.TryAdd(name, line[(equals + 1)..].TrimStart()))
            {
                errors.Add($"{path}:{number}: {name} is set twice.");
            }
        }

        return values;
    }
}
