using System.Globalization;
using System.Text;
using Messaging.Wire;

namespace Messaging.Trust;

/// <summary>A time of the week, in UTC: [days, fromMinute, minutes].</summary>
/// <param name="Days">Bit 0 is Monday, bit 6 Sunday; at least one.</param>
/// <param name="FromMinute">When it begins on each of the days, in minutes after midnight: 0 to 1439.</param>
/// <param name="Minutes">How long it lasts: 1 to 1440. It may reach into the next day.</param>
public readonly record struct MaintenanceWindow(int Days, int FromMinute, int Minutes)
{
    private const int MinutesOfDay = 24 * 60;
    private const int AllDays = 0b111_1111;
    private static readonly string[] Names = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

    /// <summary>True when a moment is in the window.</summary>
    /// <param name="unixMs">Unix milliseconds.</param>
    public bool Contains(long unixMs)
    {
        var at = DateTimeOffset.FromUnixTimeMilliseconds(unixMs);
        var minute = (at.Hour * 60) + at.Minute;

        // Sunday is 0 there.
        var day = ((int)at.DayOfWeek + 6) % 7;
        return (Has(day) && minute >= FromMinute && minute < FromMinute + Minutes)
            || (Has((day + 6) % 7) && minute + MinutesOfDay < FromMinute + Minutes);
    }

    /// <summary>When it opens next after a moment; within a week.</summary>
    /// <param name="unixMs">Unix milliseconds.</param>
    public long NextOpening(long unixMs)
    {
        const long MinuteMs = 60_000;
        var midnight = unixMs - (unixMs % (MinutesOfDay * MinuteMs));
        var today = ((int)DateTimeOffset.FromUnixTimeMilliseconds(unixMs).DayOfWeek + 6) % 7;
        for (var ahead = 0; ; ahead++)
        {
            var opening = midnight + ((((long)ahead * MinutesOfDay) + FromMinute) * MinuteMs);
            if (Has((today + ahead) % 7) && opening > unixMs)
            {
                return opening;
            }
        }
    }

    /// <summary>For people: <c>Sat 02:00-04:00 UTC</c>.</summary>
    public string Words()
    {
        var days = new StringBuilder();
        for (var day = 0; day < 7 && Days != AllDays; day++)
        {
            if (Has(day))
            {
                // Three and more in a row are a range.
                var last = day;
                while (last < 6 && Has(last + 1))
                {
                    last++;
                }

                days.Append(days.Length == 0 ? "" : ", ").Append(Names[day]);
                if (last > day + 1)
                {
                    days.Append('-').Append(Names[last]);
                    day = last;
                }
            }
        }

        var end = (FromMinute + Minutes) % MinutesOfDay;
        var to = end == 0 ? MinutesOfDay : end;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{(days.Length == 0 ? "daily" : days)} {FromMinute / 60:00}:{FromMinute % 60:00}-{to / 60:00}:{to % 60:00} UTC");
    }

    internal static bool TryRead(ref CborReader reader, out MaintenanceWindow window)
    {
        window = default;
        if (!reader.TryReadArray(3)
            || !reader.TryReadInt32(out var days, AllDays)
            || days == 0
            || !reader.TryReadInt32(out var from, MinutesOfDay - 1)
            || !reader.TryReadInt32(out var minutes, MinutesOfDay)
            || minutes == 0)
        {
            return false;
        }

        window = new MaintenanceWindow(days, from, minutes);
        return true;
    }

    internal void Write(ref CborWriter writer)
    {
        if (Days is < 1 or > AllDays || FromMinute is < 0 or >= MinutesOfDay || Minutes is < 1 or > MinutesOfDay)
        {
            throw new InvalidOperationException($"{this} is no time of the week.");
        }

        writer.WriteArrayHead(3);
        writer.WriteUInt64((ulong)Days);
        writer.WriteUInt64((ulong)FromMinute);
        writer.WriteUInt64((ulong)Minutes);
    }

    private bool Has(int day) => (Days & (1 << day)) != 0;
}
