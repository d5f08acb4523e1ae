namespace Messaging.Updates.Metadata;

/// <summary>
/// PATHPATTERN of TUF 4.5: <c>*</c> is any text and <c>?</c> any character, neither of them a <c>/</c>; everything else, <c>[</c> too, is
/// itself. Each <c>*</c> is gone back to once at most, so that the time is bounded by the product of the lengths.
/// </summary>
internal static class PathPattern
{
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> path)
    {
        int at = 0, character = 0, star = -1, starred = 0;
        while (character < path.Length)
        {
            if (at < pattern.Length && pattern[at] == '*')
            {
                star = at++;
                starred = character;
            }
            else if (at < pattern.Length && (pattern[at] == path[character] || (pattern[at] == '?' && path[character] != '/')))
            {
                at++;
                character++;
            }
            else if (star >= 0 && path[starred] != '/')
            {
                // The last star takes one character more.
                at = star + 1;
                character = ++starred;
            }
            else
            {
                return false;
            }
        }

        while (at < pattern.Length && pattern[at] == '*')
        {
            at++;
        }

        return at == pattern.Length;
    }
}
