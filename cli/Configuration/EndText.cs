using System.Globalization;
using Messaging.Cli.Hosting;

namespace Messaging.Cli.Configuration;

/// <summary>Ends as people write them: a day, a time, a duration from now on, or never.</summary>
internal static class EndText
{
    public const string Never = "never";

    /// <summary>What may be written.</summary>
    public const string Forms = "2027-06-30 (to the end of that day, UTC), 2027-06-30T12:00Z, 90d from now on, or never";

    private static readonly string[] Times = ["yyyy-MM-dd'T'HH:mm'Z'", "yyyy-MM-dd'T'HH:mm:ss'Z'"];

    /// <summary>Unix milliseconds; null for never.</summary>
    /// <exception cref="CliException">It is no end, or is over.</exception>
    public static long? Parse(string text, string option, DateTimeOffset now)
    {
        if (text == Never)
        {
            return null;
        }

        var end = Read(text, now) ?? throw new CliException($"{option} {text}: write it as {Forms}.", ExitCodes.Usage);
        return end > now
            ? end.ToUnixTimeMilliseconds()
            : throw new CliException($"{option} {text} is over already; this machine's clock says {TerminalText.Time(now)}.", ExitCodes.Usage);
    }

    private static DateTimeOffset? Read(string text, DateTimeOffset now)
    {
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            return new DateTimeOffset(day, new TimeOnly(23, 59, 59, 999), TimeSpan.Zero);
        }

        if (DateTimeOffset.TryParseExact(text, Times, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
        {
            return time;
        }

        return DurationText.TryParse(text, out var duration) ? now + duration : null;
    }
}
