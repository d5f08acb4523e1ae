using System.Globalization;
using Messaging.Cli.Hosting;
using Messaging.Trust;

namespace Messaging.Cli.Policies;

/// <summary>Maintenance windows as people write them, and as <see cref="MaintenanceWindow.Words"/> shows them: <c>Mon-Fri, Sun 22:00-02:00</c>.</summary>
internal static class WindowText
{
    public const string Forms = "\"Sat 02:00-04:00\", \"Mon-Fri, Sun 22:00-02:00\" or \"daily 00:00-24:00\", in UTC";
    private const int MinutesOfDay = 24 * 60;
    private const int AllDays = 0b111_1111;
    private const string Zone = "UTC";
    private static readonly string[] Names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

    /// <exception cref="CliException">It is none.</exception>
    public static MaintenanceWindow Parse(string text)
    {
        var trimmed = text.Trim();
        var words = (trimmed.EndsWith(Zone, StringComparison.OrdinalIgnoreCase) ? trimmed[..^Zone.Length] : trimmed).TrimEnd();
        var split = words.LastIndexOf(' ');
        if (split < 0
            || !TryDays(words[..split], out var days)
            || !TryTimes(words[(split + 1)..], out var from, out var minutes))
        {
            throw new CliException($"\"{TerminalText.Line(text)}\" is no maintenance window: write it as {Forms}.", ExitCodes.Usage);
        }

        return new MaintenanceWindow(days, from, minutes);
    }

    private static bool TryDays(string text, out int days)
    {
        days = 0;
        if (string.Equals(text.Trim(), "daily", StringComparison.OrdinalIgnoreCase))
        {
            days = AllDays;
            return true;
        }

        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var ends = part.Split('-', 2, StringSplitOptions.TrimEntries);
            var first = Day(ends[0]);
            var last = ends.Length == 2 ? Day(ends[1]) : first;
            if (first < 0 || last < 0)
            {
                return false;
            }

            // From Saturday to Monday is over Sunday.
            for (var day = first; ; day = (day + 1) % Names.Length)
            {
                days |= 1 << day;
                if (day == last)
                {
                    break;
                }
            }
        }

        return true;
    }

    private static int Day(string name) => Array.FindIndex(Names, one => string.Equals(one, name, StringComparison.OrdinalIgnoreCase));

    private static bool TryTimes(string text, out int from, out int minutes)
    {
        (from, minutes) = (0, 0);
        var ends = text.Split('-');
        if (ends.Length != 2 || !TryMinute(ends[0], out from) || from == MinutesOfDay || !TryMinute(ends[1], out var to))
        {
            return false;
        }

        // To an earlier time, or the same one, is on the next day.
        minutes = to > from ? to - from : to - from + MinutesOfDay;
        return minutes is > 0 and <= MinutesOfDay;
    }

    private static bool TryMinute(string text, out int minute)
    {
        minute = 0;
        if (text.Length != 5 || text[2] != ':'
            || !int.TryParse(text.AsSpan(0, 2), NumberStyles.None, CultureInfo.InvariantCulture, out var hour)
            || !int.TryParse(text.AsSpan(3), NumberStyles.None, CultureInfo.InvariantCulture, out var rest)
            || rest > 59)
        {
            return false;
        }

        minute = (hour * 60) + rest;
        return minute <= MinutesOfDay;
    }
}
