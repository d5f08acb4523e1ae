using System.Text;

namespace Messaging.Wire;

/// <summary>Texts on the wire are limited in bytes of UTF-8.</summary>
public static class Utf8Text
{
    /// <summary>The longest beginning of a text that has at most <paramref name="maxBytes"/> bytes of UTF-8; no character is cut in two.</summary>
    public static string Truncate(string text, int maxBytes)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length * 3L <= maxBytes || Encoding.UTF8.GetByteCount(text) <= maxBytes)
        {
            return text;
        }

        var bytes = 0;
        var chars = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > maxBytes)
            {
                break;
            }

            // A lone surrogate is one char and becomes the three bytes of U+FFFD, which is also one char.
            chars += rune.Utf16SequenceLength;
        }

        return text[..chars];
    }
}
