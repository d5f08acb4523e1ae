namespace Messaging.Agent.Configuration;

/// <summary>Sections of which there may be many, each with a name: <c>[Sensor:boiler]</c>.</summary>
/// <param name="Section">The word before the colon.</param>
/// <param name="Names">Those that are configured.</param>
/// <param name="Describe">The options of the one with this name.</param>
internal sealed record SectionTemplate(
    string Section, Func<AgentOptions, IEnumerable<string>> Names, Func<string, IReadOnlyList<OptionDescription>> Describe)
{
    private const int MaxNameChars = 64;

    /// <summary>Letters, digits, <c>-</c>, <c>_</c> and <c>.</c>.</summary>
    public static bool IsName(string name) =>
        name.Length is > 0 and <= MaxNameChars && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    /// <summary>Null when this is no option of such a section.</summary>
    public OptionDescription? Find(string key) =>
        NameIn(key) is { } name ? Describe(name).FirstOrDefault(option => string.Equals(option.Key, key, StringComparison.OrdinalIgnoreCase)) : null;

    /// <summary>The name in <c>Section:name:Key</c>; null when the key is of another section.</summary>
    public string? NameIn(string key)
    {
        var parts = key.Split(':');
        return parts.Length == 3 && string.Equals(parts[0], Section, StringComparison.OrdinalIgnoreCase) && IsName(parts[1]) ? parts[1] : null;
    }
}
