using Messaging.FleetServer.Validation;

namespace Messaging.FleetServer.Devices;

/// <summary>Checks what people call devices.</summary>
internal static class DeviceText
{
    /// <exception cref="InvalidInputException">Empty, too long, or with control characters.</exception>
    public static string CheckName(string name)
    {
        var trimmed = name.Trim();
        Check(trimmed, "name", "A device's name", DeviceLimits.NameLength);
        return trimmed;
    }

    /// <summary>Trims the tags and removes doubles; keeps their order.</summary>
    /// <exception cref="InvalidInputException">One is empty, too long or has control characters, or there are too many.</exception>
    public static IReadOnlyList<string> CheckTags(IReadOnlyList<string> tags)
    {
        var trimmed = tags.Select(tag => tag.Trim()).Distinct(StringComparer.Ordinal).ToList();
        if (trimmed.Count > DeviceLimits.Tags)
        {
            throw new InvalidInputException("tags", $"There may be {DeviceLimits.Tags} tags at most.");
        }

        trimmed.ForEach(tag => Check(tag, "tags", "A tag", DeviceLimits.TagLength));
        return trimmed;
    }

    private static void Check(string text, string field, string what, int length)
    {
        if (text.Length == 0 || text.Length > length || text.Any(char.IsControl))
        {
            throw new InvalidInputException(field, $"{what} has 1 to {length} characters and no control characters.");
        }
    }
}
