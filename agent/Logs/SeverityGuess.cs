namespace Messaging.Agent.Logs;

/// <summary>
/// Reads a line's severity where it is stated beyond doubt: as an upper-case word near the start, in brackets, or as the value of
/// <c>level</c> or <c>severity</c>. Anything else stays unspecified: a wrong severity is worse than none.
/// </summary>
internal static class SeverityGuess
{
    public const int Unspecified = 0;

    /// <summary>Timestamps, host and program names come first in most formats.</summary>
    private const int WordsLookedAt = 6;
    private const int CharactersLookedAt = 200;

    private static readonly (string Word, int Severity)[] Words =
    [
        ("TRACE", 1), ("DEBUG", 5), ("INFO", 9), ("NOTICE", 10), ("WARN", 13), ("WARNING", 13), ("ERR", 17), ("ERROR", 17),
        ("CRIT", 18), ("CRITICAL", 18), ("ALERT", 19), ("EMERG", 21), ("EMERGENCY", 21), ("FATAL", 21), ("PANIC", 21),
    ];

    private static readonly string[] Keys = ["level=", "lvl=", "severity=", "\"level\":", "\"severity\":", "\"lvl\":"];

    /// <summary>OpenTelemetry SeverityNumber, or 0.</summary>
    public static int Of(ReadOnlySpan<char> line)
    {
        var head = line.Length > CharactersLookedAt ? line[..CharactersLookedAt] : line;
        var keyed = FromKey(head);
        return keyed != Unspecified ? keyed : FromWord(head);
    }

    private static int FromKey(ReadOnlySpan<char> head)
    {
        foreach (var key in Keys)
        {
            var at = head.IndexOf(key, StringComparison.OrdinalIgnoreCase);
            if (at < 0 || (at > 0 && char.IsLetterOrDigit(head[at - 1])))
            {
                continue;
            }

            var value = head[(at + key.Length)..].TrimStart(" \"'");
            var end = value.IndexOfAnyExcept(Letters);
            return Find(end < 0 ? value : value[..end], StringComparison.OrdinalIgnoreCase);
        }

        return Unspecified;
    }

    private static int FromWord(ReadOnlySpan<char> head)
    {
        for (var words = 0; words < WordsLookedAt && !head.IsEmpty; words++)
        {
            head = head.TrimStart(' ');
            var end = head.IndexOf(' ');
            var word = end < 0 ? head : head[..end];
            head = end < 0 ? default : head[end..];
            var bracketed = word.Length > 2 && word[0] is '[' or '<' or '(';
            var severity = Find(word.Trim("[]<>():|-"), bracketed ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);
            if (severity != Unspecified)
            {
                return severity;
            }
        }

        return Unspecified;
    }

    private static int Find(ReadOnlySpan<char> word, StringComparison comparison)
    {
        foreach (var (name, severity) in Words)
        {
            if (word.Equals(name, comparison))
            {
                return severity;
            }
        }

        return Unspecified;
    }

    private static System.Buffers.SearchValues<char> Letters { get; } =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
}
