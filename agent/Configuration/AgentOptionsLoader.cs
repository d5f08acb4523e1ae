using Microsoft.Extensions.Configuration;

namespace Messaging.Agent.Configuration;

/// <summary>Reads and checks the configuration; says everything that is wrong with it at once.</summary>
internal static class AgentOptionsLoader
{
    /// <exception cref="AgentOptionsException">Something in it is wrong.</exception>
    public static AgentOptions Load(string? file, IReadOnlyDictionary<string, string?> commandLine) => Load(ConfigurationSources.Open(file, commandLine));

    /// <exception cref="AgentOptionsException">Something in it is wrong; each problem says where, which option, what, and what would be right.</exception>
    public static AgentOptions Load(ConfigurationSources sources)
    {
        var options = Read(sources.Values, out var problems);
        return problems.Count == 0
            ? options
            : throw new AgentOptionsException([.. problems.Select(problem => Text(sources, problem))]);
    }

    /// <param name="configuration">What the sources say together.</param>
    /// <param name="problems">What is wrong; the options are not to be used when there is anything.</param>
    public static AgentOptions Read(IConfiguration configuration, out List<OptionProblem> problems)
    {
        problems = [];
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, text) in configuration.AsEnumerable())
        {
            if (text is null)
            {
                continue; // A section.
            }

            if (OptionCatalog.Find(key) is not { } option)
            {
                problems.Add(new OptionProblem(key, Unknown(key)));
            }
            else if (OptionValue.Normalize(option, text, out var normalized) is { } problem)
            {
                problems.Add(new OptionProblem(option.Key, problem));
            }
            else
            {
                values[key] = normalized;
            }
        }

        var options = new ConfigurationBuilder().AddInMemoryCollection(values).Build().Get<AgentOptions>() ?? new AgentOptions();
        problems.AddRange(AgentOptionsRules.Check(options));
        return options;
    }

    private static string Text(ConfigurationSources sources, OptionProblem problem)
    {
        var place = sources.PlaceOf(problem.Key) ?? (problem.With is { } other ? sources.PlaceOf(other) : null);
        return (place is null ? "" : place + ": ") + $"{problem.Key}: {problem.What}";
    }

    private static string Unknown(string key)
    {
        if (SectionTemplates.All.FirstOrDefault(one => key.Split(':') is [var word, var name, ..] && string.Equals(word, one.Section, StringComparison.OrdinalIgnoreCase)) is { } template)
        {
            return UnknownIn(template, key);
        }

        var nearest = OptionCatalog.All.MinBy(option => EditDistance.Between(option.Key.ToLowerInvariant(), key.ToLowerInvariant()))!;
        var isNear = EditDistance.Between(nearest.Key.ToLowerInvariant(), key.ToLowerInvariant()) <= Math.Max(2, key.Length / 3);
        return $"there is no such option{(isNear ? $"; did you mean {nearest.Key}?" : "")}";
    }

    private static string UnknownIn(SectionTemplate template, string key)
    {
        if (template.NameIn(key) is not { } name)
        {
            return $"write it in a section [{template.Section}:name], whose name has letters, digits, -, _ and . only";
        }

        var nearest = template.Describe(name).MinBy(option => EditDistance.Between(option.Key.ToLowerInvariant(), key.ToLowerInvariant()))!;
        var isNear = EditDistance.Between(nearest.Key.ToLowerInvariant(), key.ToLowerInvariant()) <= 3;
        return "there is no such option" + (isNear
            ? $"; did you mean {nearest.Key}?"
            : $"; there are {string.Join(", ", template.Describe(name).Select(option => option.Key.Split(':')[2]))}");
    }
}
