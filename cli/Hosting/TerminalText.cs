using System.Globalization;
using System.Text;

namespace Messaging.Cli.Hosting;

/// <summary>Text that cannot steer the terminal: names, messages and outputs come from elsewhere.</summary>
internal static class TerminalText
{
    /// <summary>One line.</summary>
    public static string Line(string text) => Clean(text, static c => char.IsControl(c));

    /// <summary>Lines, with tabs.</summary>
    public static string Lines(string text) => Clean(text, static c => char.IsControl(c) && c is not '\n' and not '\t');

    /// <summary><c>2026-11-28 21:04:05Z</c></summary>
    public static string Time(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <inheritdoc cref="Time(DateTimeOffset)"/>
    public static string Time(long unixMs) => Time(DateTimeOffset.FromUnixTimeMilliseconds(unixMs));

    private static string Clean(string text, Func<char, bool> isBad)
    {
        if (!text.Any(isBad))
        {
            return text;
        }

        var clean = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            clean.Append(isBad(c) ? '?' : c);
        }

        return clean.ToString();
    }
}
