using System.Globalization;

namespace Messaging.Cli.Configuration;

/// <summary>Durations as people write them: <c>500ms</c>, <c>10s</c>, <c>1.5h</c>, <c>90d</c>.</summary>
internal static class DurationText
{
    private const double LongestSeconds = 100 * 366 * 86_400d;
    private static readonly (string Unit, double Seconds)[] Units = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600), ("d", 86_400)];

    /// <summary>A number without a unit is refused, but for 0.</summary>
    public static bool TryParse(string text, out TimeSpan value)
    {
        value = TimeSpan.Zero;
        if (text == "0")
        {
            return true;
        }

        foreach (var (unit, seconds) in Units)
        {
            if (text.EndsWith(unit, StringComparison.Ordinal)
                && double.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                && number * seconds <= LongestSeconds)
            {
                value = TimeSpan.FromSeconds(number * seconds);
                return true;
            }
        }

        return false;
    }
}
