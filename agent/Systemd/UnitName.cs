using System.Buffers;
using Messaging.Agent.Collect;

namespace Messaging.Agent.Systemd;

/// <summary>What systemd takes for the name of a unit (systemd.unit(5)).</summary>
internal static class UnitName
{
    private const int MaxLength = 255;
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789:-_.\\@";

    private static readonly SearchValues<char> Characters = SearchValues.Create(Letters);
    private static readonly SearchValues<char> PatternCharacters = SearchValues.Create(Letters + "*");

    private static readonly string[] Types =
        [".service", ".socket", ".device", ".mount", ".automount", ".swap", ".target", ".path", ".timer", ".slice", ".scope"];

    public static bool IsValid(string name) => Fits(name, Characters);

    /// <summary>A name that may have <c>*</c> before its type.</summary>
    public static bool IsValidPattern(string pattern) => Fits(pattern, PatternCharacters);

    /// <summary>Whether one of the patterns is the name: <c>*</c> is any text, and a backslash, as in <c>my\x2dapp.mount</c>, is one.</summary>
    public static bool IsMatch(IReadOnlyList<string> patterns, string name) =>
        patterns.Any(pattern => NamePattern.IsMatch(pattern.Replace(@"\", @"\\", StringComparison.Ordinal), name));

    private static bool Fits(string name, SearchValues<char> characters) =>
        name.Length <= MaxLength
        && !name.AsSpan().ContainsAnyExcept(characters)
        && Array.Exists(Types, type => name.Length > type.Length && name.EndsWith(type, StringComparison.Ordinal));
}
