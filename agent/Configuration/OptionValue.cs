using System.Globalization;

namespace Messaging.Agent.Configuration;

/// <summary>Checks the text of one option and turns it into what the binder reads.</summary>
internal static class OptionValue
{
    /// <returns>Null, or what is wrong.</returns>
    public static string? Normalize(OptionDescription option, string text, out string normalized)
    {
        normalized = text.Trim();
        switch (option.Kind)
        {
            case OptionKind.Duration:
                if (!OptionText.TryDuration(text, out var duration))
                {
                    return $"'{text}' is not a duration: write it as 500ms, 10s, 5m, 24h or 7d";
                }

                normalized = duration.ToString("c", CultureInfo.InvariantCulture);
                return InRange(option, duration.TotalSeconds, s => OptionText.Write(TimeSpan.FromSeconds(s)));
            case OptionKind.Size:
                if (!OptionText.TrySize(text, out var size))
                {
                    return $"'{text}' is not a size: write it as 4096, 64KiB or 256MiB";
                }

                normalized = size.ToString(CultureInfo.InvariantCulture);
                return InRange(option, size, b => OptionText.Write((long)b));
            case OptionKind.Number:
                return int.TryParse(normalized, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                    ? InRange(option, number, n => n.ToString(CultureInfo.InvariantCulture))
                    : $"'{text}' is not a number";
            case OptionKind.Choice:
                normalized = normalized.ToLowerInvariant();
                return option.Choices.Contains(normalized, StringComparer.Ordinal) ? null : $"'{text}' is none of {string.Join(", ", option.Choices)}";
            case OptionKind.List:
                var unknown = ValueList.Split(text).Where(item => option.Choices.Count > 0 && !option.Choices.Contains(item, StringComparer.Ordinal)).ToList();
                return unknown.Count == 0 ? null : $"'{string.Join("', '", unknown)}' is none of {string.Join(", ", option.Choices)}";
            case OptionKind.Path:
                return normalized.Length == 0 || Path.IsPathRooted(normalized) ? null : $"'{text}' is not an absolute path";
            default:
                return null;
        }
    }

    private static string? InRange(OptionDescription option, double value, Func<double, string> write) =>
        value >= option.Minimum && value <= option.Maximum
            ? null
            : option.Maximum == double.MaxValue ? $"must be at least {write(option.Minimum)}" : $"must be {write(option.Minimum)} to {write(option.Maximum)}";
}
