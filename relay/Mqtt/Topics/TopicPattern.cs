namespace Messaging.Relay.Mqtt.Topics;

/// <summary>Whether one topic matches one filter (MQTT 5 section 4.7).</summary>
internal static class TopicPattern
{
    public static bool Matches(ReadOnlySpan<byte> filter, ReadOnlySpan<byte> topic)
    {
        // [MQTT-4.7.2-1]
        if (topic.StartsWith("$"u8) && !filter.StartsWith("$"u8))
        {
            return false;
        }

        while (true)
        {
            var (filterEnd, topicEnd) = (filter.IndexOf((byte)'/'), topic.IndexOf((byte)'/'));
            var wanted = filterEnd < 0 ? filter : filter[..filterEnd];
            var level = topicEnd < 0 ? topic : topic[..topicEnd];
            if (wanted is [(byte)'#'])
            {
                return true;
            }

            if (wanted is not [(byte)'+'] && !wanted.SequenceEqual(level))
            {
                return false;
            }

            if (topicEnd < 0)
            {
                return filterEnd < 0 || filter[(filterEnd + 1)..] is [(byte)'#'];
            }

            if (filterEnd < 0)
            {
                return false;
            }

            filter = filter[(filterEnd + 1)..];
            topic = topic[(topicEnd + 1)..];
        }
    }
}
