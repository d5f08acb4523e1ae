using System.Text;
using Messaging.Relay.Mqtt.Topics;

namespace Messaging.Relay.Mqtt.Access;

/// <summary>A filter of topics in which <c>%u</c> stands for the user and <c>%c</c> for the client id.</summary>
internal static class AclPattern
{
    private const int MaxTopicBytes = ushort.MaxValue;

    /// <summary>What is wrong with a pattern; null: nothing.</summary>
    public static string? Problem(string pattern)
    {
        var sample = Expand(pattern, "u"u8, "c"u8);
        if (sample is null || !TopicText.IsFilter(sample))
        {
            return $"'{pattern}' is no filter of topics: levels by '/', '+' for one, '#' as the last for all that follow, {TopicText.MaxLevels} levels at most.";
        }

        if (sample.AsSpan().StartsWith("$share/"u8))
        {
            return $"'{pattern}': name the filter without $share/GROUP/, it holds for shared subscriptions, too.";
        }

        return ReservedTopics.Contain(sample) ? $"'{pattern}': what begins so is not for users of MQTT." : null;
    }

    /// <summary>
    /// Puts in the names, once: what they hold is not looked at again.
    /// </summary>
    /// <returns>Null: a name that is to be put in is more than one level of a topic, or none, so that the filter would become another. It matches nothing then.</returns>
    public static byte[]? Expand(string pattern, ReadOnlySpan<byte> user, ReadOnlySpan<byte> clientId)
    {
        var text = Encoding.UTF8.GetBytes(pattern);
        var (hasUser, hasClient) = (text.AsSpan().IndexOf("%u"u8) >= 0, text.AsSpan().IndexOf("%c"u8) >= 0);
        if ((hasUser && !IsOneLevel(user)) || (hasClient && !IsOneLevel(clientId)))
        {
            return null;
        }

        if (!hasUser && !hasClient)
        {
            return text;
        }

        using var expanded = new MemoryStream();
        for (var index = 0; index < text.Length; index++)
        {
            var rest = text.AsSpan(index);
            if (rest.StartsWith("%u"u8) || rest.StartsWith("%c"u8))
            {
                expanded.Write(rest[1] == 'u' ? user : clientId);
                index++;
            }
            else
            {
                expanded.WriteByte(text[index]);
            }
        }

        return expanded.Length <= MaxTopicBytes ? expanded.ToArray() : null;
    }

    private static bool IsOneLevel(ReadOnlySpan<byte> name) => !name.IsEmpty && name[0] != '$' && !name.ContainsAny((byte)'/', (byte)'+', (byte)'#');
}
