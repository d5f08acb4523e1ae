namespace Messaging.Relay.Mqtt.Access;

/// <summary>Whether all topics that one filter matches are matched by another (MQTT 5 section 4.7).</summary>
internal static class FilterCover
{
    /// <param name="allowed">A valid filter.</param>
    /// <param name="filter">A valid filter; of a shared subscription, the one after its group.</param>
    public static bool Covers(ReadOnlySpan<byte> allowed, ReadOnlySpan<byte> filter)
    {
        // [MQTT-4.7.2-1]: a wildcard at the beginning matches nothing of the server's own topics.
        if (filter.StartsWith("$"u8) && !allowed.StartsWith("$"u8))
        {
            return false;
        }

        // A topic has at least one level, so that both match everything.
        if (filter is [(byte)'#'])
        {
            return allowed is [(byte)'#'] or [(byte)'+', (byte)'/', (byte)'#'];
        }

        while (true)
        {
            var (allowedEnd, filterEnd) = (allowed.IndexOf((byte)'/'), filter.IndexOf((byte)'/'));
            var may = allowedEnd < 0 ? allowed : allowed[..allowedEnd];
            var wanted = filterEnd < 0 ? filter : filter[..filterEnd];
            if (may is [(byte)'#'])
            {
                return true;
            }

            // "a/#" also matches "a", which "a/+/#" does not: nothing but a "#" covers a "#".
            if (wanted is [(byte)'#'] || (may is not [(byte)'+'] && !may.SequenceEqual(wanted)))
            {
                return false;
            }

            if (filterEnd < 0)
            {
                return allowedEnd < 0 || allowed[(allowedEnd + 1)..] is [(byte)'#'];
            }

            if (allowedEnd < 0)
            {
                return false;
            }

            allowed = allowed[(allowedEnd + 1)..];
            filter = filter[(filterEnd + 1)..];
        }
    }
}
