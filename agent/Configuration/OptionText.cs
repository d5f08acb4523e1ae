using System.Globalization;

namespace Messaging.Agent.Configuration;

/// <summary>Reads durations and sizes as people write them.</summary>
internal static class OptionText
{
    /// <summary>The first of <see cref="SizeUnits"/>.</summary>
    private const int BinaryUnits = 3;

    private static readonly (string Unit, double Seconds)[] DurationUnits = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600), ("d", 86_400)];

    private static readonly (string Unit, double Bytes)[] SizeUnits =
    [
        ("KiB", 1024), ("MiB", 1024 * 1024), ("GiB", 1024d * 1024 * 1024), ("kB", 1e3), ("MB", 1e6), ("GB", 1e9), ("B", 1),
    ];

    /// <summary><c>10s</c>, <c>1.5h</c>, or the runtime's own form <c>[d.]hh:mm:ss[.fff]</c>. A bare number has no unit and is refused, but for 0.</summary>
    public static bool TryDuration(string text, out TimeSpan value)
    {
        text = text.Trim();
        if (text == "0")
        {
            value = TimeSpan.Zero;
            return true;
        }

        if (text.Contains(':'))
        {
            return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out value);
        }

        foreach (var (unit, seconds) in DurationUnits)
        {
            if (TryNumber(text, unit, out var number) && number * seconds < TimeSpan.MaxValue.TotalSeconds)
            {
                value = TimeSpan.FromSeconds(number * seconds);
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary><c>256MiB</c>, <c>64 kB</c>, or a number of bytes.</summary>
    public static bool TrySize(string text, out long value)
    {
        text = text.Trim();
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value))
        {
            return true;
        }

        foreach (var (unit, bytes) in SizeUnits)
        {
            if (TryNumber(text, unit, out var number) && number * bytes < long.MaxValue)
            {
                value = (long)(number * bytes);
                return true;
            }
        }

        return false;
    }

    /// <summary>The shortest form that <see cref="TryDuration"/> reads back.</summary>
    public static string Write(TimeSpan value)
    {
        for (var i = DurationUnits.Length - 1; i >= 0; i--)
        {
            var (unit, seconds) = DurationUnits[i];
            var number = value.TotalSeconds / seconds;
            if (number >= 1 && number == Math.Floor(number))
            {
                return number.ToString(CultureInfo.InvariantCulture) + unit;
            }
        }

        return value == TimeSpan.Zero ? "0" : value.ToString("c", CultureInfo.InvariantCulture);
    }

    /// <summary>The shortest form that <see cref="TrySize"/> reads back.</summary>
    public static string Write(long bytes)
    {
        for (var i = BinaryUnits - 1; i >= 0; i--)
        {
            var (unit, size) = SizeUnits[i];
            if (bytes > 0 && bytes % size == 0)
            {
                return (bytes / size).ToString(CultureInfo.InvariantCulture) + unit;
            }
        }

        return bytes.ToString(CultureInfo.InvariantCulture);
    }

    private static bool TryNumber(string text, string unit, out double number)
    {
        number = 0;
        return text.EndsWith(unit, StringComparison.OrdinalIgnoreCase)
            && double.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.AllowDecimalPoint | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out number);
    }
}
