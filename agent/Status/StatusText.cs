using System.Globalization;
using System.Text;

namespace Messaging.Agent.Status;

/// <summary>Short forms of numbers and times, and text that cannot steer the terminal.</summary>
internal static class StatusText
{
    /// <summary>Replaces control characters: paths, names and messages come from elsewhere.</summary>
    public static string Clean(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\0', '\x1f') && !text.AsSpan().ContainsAnyInRange('\x7f', '\x9f'))
        {
            return text;
        }

        var clean = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            clean.Append(char.IsControl(c) ? '?' : c);
        }

        return clean.ToString();
    }

    /// <summary>Cuts in the end.</summary>
    public static string Fit(string text, int width) => text.Length <= width ? text : width <= 3 ? text[..Math.Max(0, width)] : text[..(width - 3)] + "...";

    public static string Bytes(long bytes) => bytes switch
    {
        < 1024 => $"{bytes} B",
        < 1024 * 1024 => Number(bytes / 1024d) + " KiB",
        < 1024L * 1024 * 1024 => Number(bytes / 1048576d) + " MiB",
        _ => Number(bytes / 1073741824d) + " GiB",
    };

    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    public static string Share(double share) => (share * 100).ToString("0", CultureInfo.InvariantCulture) + "%";

    /// <summary>At most two units: <c>3h 12m</c>.</summary>
    public static string Span(TimeSpan span) => span switch
    {
        { TotalSeconds: < 1 } => "0s",
        { TotalMinutes: < 1 } => $"{(int)span.TotalSeconds}s",
        { TotalHours: < 1 } => $"{span.Minutes}m {span.Seconds}s",
        { TotalDays: < 1 } => $"{span.Hours}h {span.Minutes}m",
        _ => $"{(int)span.TotalDays}d {span.Hours}h",
    };

    public static string Date(DateTimeOffset time) => time.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    public static string Ago(DateTimeOffset? at, DateTimeOffset now) => at is { } time ? Span(now - time) + " ago" : "never";

    private static string Number(double value) => value.ToString(value < 10 ? "0.#" : "0", CultureInfo.InvariantCulture);
}
