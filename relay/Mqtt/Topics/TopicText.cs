namespace Messaging.Relay.Mqtt.Topics;

/// <summary>Topic names and filters (MQTT 5 section 4.7), of UTF-8 that is known to be valid and without U+0000.</summary>
internal static class TopicText
{
    /// <summary>Deeper ones are refused: each level is a node of a tree.</summary>
    public const int MaxLevels = 64;

    private static ReadOnlySpan<byte> Share => "$share/"u8;

    /// <summary>What may be published to.</summary>
    public static bool IsName(ReadOnlySpan<byte> topic) => !topic.IsEmpty && !topic.ContainsAny((byte)'+', (byte)'#') && topic.Count((byte)'/') < MaxLevels;

    /// <summary>What may be subscribed; of a shared subscription, what follows the group's name.</summary>
    public static bool IsFilter(ReadOnlySpan<byte> filter)
    {
        if (filter.IsEmpty || filter.Count((byte)'/') >= MaxLevels)
        {
            return false;
        }

        foreach (var range in filter.Split((byte)'/'))
        {
            var level = filter[range];
            if (level.Length > 1 && level.ContainsAny((byte)'+', (byte)'#'))
            {
                return false;
            }

            // Only as the last level.
            if (level is [(byte)'#'] && range.End.Value != filter.Length)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Takes a shared subscription apart (MQTT 5 section 4.8.2).</summary>
    /// <returns>False: it begins like one and is none that is allowed.</returns>
    public static bool TrySplitShare(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> group, out ReadOnlySpan<byte> filter)
    {
        group = default;
        filter = text;
        if (!text.StartsWith(Share))
        {
            return true;
        }

        var rest = text[Share.Length..];
        var slash = rest.IndexOf((byte)'/');
        if (slash < 1)
        {
            return false;
        }

        group = rest[..slash];
        filter = rest[(slash + 1)..];
        return !group.ContainsAny((byte)'+', (byte)'#');
    }
}
