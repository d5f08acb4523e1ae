using System.Text;

namespace Messaging.FleetServer.Validation;

/// <summary>Texts for fields that are limited in bytes.</summary>
internal static class Utf8Text
{
    /// <summary>The longest beginning that has at most <paramref name="maxBytes"/> in UTF-8, cut between characters.</summary>
    public static string Limit(string text, int maxBytes)
    {
        var bytes = 0;
        var chars = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > maxBytes)
            {
                return text[..chars];
            }

            chars += rune.Utf16SequenceLength;
        }

        return text;
    }
}
