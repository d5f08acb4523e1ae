namespace Messaging.Commands.Catalog;

/// <summary>What everybody knows of a type of command.</summary>
/// <param name="name">As on the wire.</param>
/// <param name="help">One line for people.</param>
/// <param name="expiry">How long it may wait when nobody says.</param>
/// <param name="arguments">In the order of the wire.</param>
public sealed class CommandType(string name, string help, TimeSpan expiry, params CommandArgument[] arguments)
{
    /// <summary>As on the wire.</summary>
    public string Name { get; } = name;

    /// <summary>One line for people.</summary>
    public string Help { get; } = help;

    /// <summary>How long it may wait when nobody says.</summary>
    public TimeSpan Expiry { get; } = expiry;

    /// <summary>In the order of the wire.</summary>
    public IReadOnlyList<CommandArgument> Arguments { get; } = arguments;

    /// <summary>Running it twice does no harm.</summary>
    public bool IsIdempotent { get; init; }

    /// <summary>It runs only in the boot of the device that it is signed for.</summary>
    public bool IsBoundToBoot { get; init; }

    /// <summary>What it writes comes while it runs.</summary>
    public bool Streams { get; init; }
}
