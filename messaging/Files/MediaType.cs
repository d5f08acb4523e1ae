namespace Messaging.Files;

/// <summary>A media type without parameters (RFC 6838, section 4.2).</summary>
public static class MediaType
{
    /// <summary>The longest one, in bytes.</summary>
    public const int MaxBytes = 127;

    /// <summary>Nobody knows what it is.</summary>
    public const string Unknown = "application/octet-stream";

    /// <summary>"type/subtype", each a letter or digit, then letters, digits and !#$&amp;-^_.+</summary>
    public static bool IsValid(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && text.Length <= MaxBytes && IsWord(text.AsSpan(0, slash)) && IsWord(text.AsSpan(slash + 1));
    }

    private static bool IsWord(ReadOnlySpan<char> word)
    {
        foreach (var c in word)
        {
            if (!char.IsAsciiLetterOrDigit(c) && !"!#$&-^_.+".Contains(c, StringComparison.Ordinal))
            {
                return false;
            }
        }

        return word.Length > 0 && char.IsAsciiLetterOrDigit(word[0]);
    }
}
