namespace Messaging.Agent.Configuration;

/// <summary>
/// Lists are one value separated by commas: unlike indexed keys, a later source (environment, command line) then replaces the
/// whole list instead of mixing its items into an earlier one.
/// </summary>
internal static class ValueList
{
    public static IReadOnlyList<string> Split(string text) =>
        text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
