namespace Messaging.Agent.Collect;

/// <summary>Names with <c>*</c> (any text) and <c>?</c> (any character).</summary>
internal static class NamePattern
{
    public static bool IsMatch(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name) =>
        System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);

    public static bool IsMatch(IReadOnlyList<string> patterns, ReadOnlySpan<char> name)
    {
        for (var i = 0; i < patterns.Count; i++)
        {
            if (IsMatch(patterns[i], name))
            {
                return true;
            }
        }

        return false;
    }
}
