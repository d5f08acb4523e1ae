using System.Globalization;

namespace Messaging.FleetServer.Api;

/// <summary>Reads query parameters strictly, so that an answer can name the wrong one.</summary>
internal static class QueryValidation
{
    /// <summary>An integer from 1 to <paramref name="max"/>.</summary>
    public static int Limit(this ApiValidation validation, string? text, int defaultValue, int max, string field = "limit")
    {
        if (string.IsNullOrEmpty(text))
        {
            return defaultValue;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= 1 && value <= max)
        {
            return value;
        }

        validation.Add(field, $"Must be an integer from 1 to {max}.");
        return defaultValue;
    }

    /// <summary>A number that is not negative, or null when it is absent.</summary>
    public static long? Number(this ApiValidation validation, string? text, string field)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
        {
            return value;
        }

        validation.Add(field, "Must be a number that an earlier answer gave.");
        return null;
    }

    public static bool? Boolean(this ApiValidation validation, string? text, string field)
    {
        switch (text)
        {
            case null or "":
                return null;
            case "true":
                return true;
            case "false":
                return false;
            default:
                validation.Add(field, "Must be true or false.");
                return null;
        }
    }

    /// <summary>RFC 3339 or Unix milliseconds; returns Unix milliseconds, or null when it is absent.</summary>
    public static long? Time(this ApiValidation validation, string? text, string field)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var milliseconds)
            && milliseconds is >= MinMilliseconds and <= MaxMilliseconds)
        {
            return milliseconds;
        }

        // A '+' in a query that was not escaped arrives as a space.
        if (DateTimeOffset.TryParseExact(
            text.Replace(' ', '+'),
            ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mm:ssK"],
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var time))
        {
            return time.ToUnixTimeMilliseconds();
        }

        validation.Add(field, "Must be a time as 2026-01-31T12:00:00Z or as Unix milliseconds.");
        return null;
    }

    /// <summary>The years 1 to 9999: what a date can hold.</summary>
    private const long MinMilliseconds = -62_135_596_800_000;
    private const long MaxMilliseconds = 253_402_300_799_999;
}
