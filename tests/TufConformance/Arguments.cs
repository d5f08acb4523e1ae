namespace Messaging.TufConformance;

/// <summary>The command line that the suite uses (its CLIENT-CLI.md).</summary>
internal sealed class Arguments
{
    private readonly Dictionary<string, string> _options = new(StringComparer.Ordinal);

    public List<string> TargetNames { get; } = [];

    /// <summary>The verb, and what follows it.</summary>
    public List<string> Words { get; } = [];

    public string this[string name] => _options.TryGetValue(name, out var value) ? value : throw new FormatException($"{name} is missing");

    public static Arguments Parse(string[] args)
    {
        var parsed = new Arguments();
        for (var i = 0; i < args.Length; i++)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal))
            {
                parsed.Words.Add(args[i]);
            }
            else if (i + 1 == args.Length)
            {
                throw new FormatException($"{args[i]} has no value");
            }
            else if (args[i] == "--target-name")
            {
                parsed.TargetNames.Add(args[++i]);
            }
            else
            {
                parsed._options[args[i]] = args[++i];
            }
        }

        return parsed;
    }
}
