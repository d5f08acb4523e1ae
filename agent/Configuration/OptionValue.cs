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
                    return $"'{text}' is not a duration: write it as 500ms, 10s, 5m, 24h or 7d; it must be {Range(option)}";
                }

                normalized = duration.ToString("c", CultureInfo.InvariantCulture);
                return InRange(option, duration.TotalSeconds, text);
            case OptionKind.Size:
                if (!OptionText.TrySize(text, out var size))
                {
                    return $"'{text}' is not a size: write it as 4096, 64KiB or 256MiB; it must be {Range(option)}";
                }

                normalized = size.ToString(CultureInfo.InvariantCulture);
                return InRange(option, size, text);
            case OptionKind.Number:
                return int.TryParse(normalized, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                    ? InRange(option, number, text)
                    : $"'{text}' is not a number: it must be {Range(option)}";
            case OptionKind.Decimal:
                return double.TryParse(normalized, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
                    ? InRange(option, value, text)
                    : $"'{text}' is not a number such as 12, -0.5 or 1e-3";
            case OptionKind.Choice:
                normalized = normalized.ToLowerInvariant();
                return option.Choices.Contains(normalized, StringComparer.Ordinal)
                    ? null
                    : $"'{text}' is none of {string.Join(", ", option.Choices.Where(choice => choice.Length > 0))}";
            case OptionKind.List:
                var unknown = ValueList.Split(text).Where(item => option.Choices.Count > 0 && !option.Choices.Contains(item, StringComparer.Ordinal)).ToList();
                return unknown.Count == 0 ? null : $"'{string.Join("', '", unknown)}' is none of {string.Join(", ", option.Choices)}";
            case OptionKind.Path:
                return normalized.Length == 0 || Path.IsPathRooted(normalized) ? null : $"'{text}' is not an absolute path";
            default:
                return null;
        }
    }

    /// <summary>Such as <c>1s to 1h</c>.</summary>
    private static string Range(OptionDescription option) =>
        option.Maximum == double.MaxValue ? "at least " + Write(option, option.Minimum) : $"{Write(option, option.Minimum)} to {Write(option, option.Maximum)}";

    private static string Write(OptionDescription option, double value) => option.Kind switch
    {
        OptionKind.Duration => OptionText.Write(TimeSpan.FromSeconds(value)),
        OptionKind.Size => OptionText.Write((long)value),
        _ => value.ToString(CultureInfo.InvariantCulture),
    };

    private static string? InRange(OptionDescription option, double value, string text) =>
        value >= option.Minimum && value <= option.Maximum ? null : $"'{text}' is too {(value < option.Minimum ? "little" : "much")}: it must be {Range(option)}";
}
