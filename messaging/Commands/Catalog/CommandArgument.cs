namespace Messaging.Commands.Catalog;

/// <summary>One argument of a type of command.</summary>
/// <param name="name">As in JSON.</param>
/// <param name="kind">What it is.</param>
/// <param name="help">One line for people.</param>
public sealed class CommandArgument(string name, ArgumentKind kind, string help)
{
    /// <summary>As in JSON.</summary>
    public string Name { get; } = name;

    /// <summary>What it is.</summary>
    public ArgumentKind Kind { get; } = kind;

    /// <summary>One line for people.</summary>
    public string Help { get; } = help;

    /// <summary>It must be there.</summary>
    public bool IsRequired { get; init; }

    /// <summary>The least number.</summary>
    public double Min { get; init; }

    /// <summary>The highest number, or the most bytes.</summary>
    public double Max { get; init; }

    /// <summary>The most entries.</summary>
    public int MaxCount { get; init; }

    /// <summary>What it can be.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>Nobody is shown it: neither the API nor logs, the audit and the dashboard.</summary>
    public bool IsSecret { get; init; }

    /// <summary>It is long and has lines, such as a script.</summary>
    public bool IsLong { get; init; }
}
