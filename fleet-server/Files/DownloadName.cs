using System.Globalization;
using System.Text;

namespace Messaging.FleetServer.Files;

/// <summary>A device's name for a file, made into one that every system can save under and that does not pretend to be another.</summary>
internal static class DownloadName
{
    private const string Forbidden = "/\\:*?\"<>|;";

    public static string Of(string name)
    {
        var safe = new StringBuilder(name.Length);
        foreach (var rune in name.EnumerateRunes())
        {
            // Invisible ones among them: what turns the direction of writing makes gpj.exe of exe.jpg.
            var isPlain = Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate or UnicodeCategory.OtherNotAssigned);
            safe.Append(isPlain && (!rune.IsAscii || !Forbidden.Contains((char)rune.Value, StringComparison.Ordinal)) ? rune.ToString() : "_");
        }

        var trimmed = safe.ToString().Trim(' ', '.');
        return trimmed.Length > 0 ? trimmed : "file";
    }
}
