using System.Text;
using Messaging.Relay.Mqtt.Topics;
using Messaging.Relay.Users;

namespace Messaging.Relay.Mqtt.Access;

/// <summary>What one client of a user may. Immutable.</summary>
internal sealed class Acl
{
    private readonly byte[][] _publish;
    private readonly byte[][] _subscribe;

    /// <param name="user">The user.</param>
    /// <param name="clientId">Empty: it has none yet, and what needs one is refused.</param>
    public Acl(MqttUser user, ReadOnlySpan<byte> clientId)
    {
        var name = Encoding.UTF8.GetBytes(user.Name);
        (_publish, _subscribe) = (Expand(user.Publish, name, clientId), Expand(user.Subscribe, name, clientId));
    }

    /// <param name="topic">A valid topic name.</param>
    public bool MayPublish(ReadOnlySpan<byte> topic)
    {
        if (ReservedTopics.Contain(topic))
        {
            return false;
        }

        foreach (var filter in _publish)
        {
            if (TopicPattern.Matches(filter, topic))
            {
                return true;
            }
        }

        return false;
    }

    /// <param name="filter">A valid filter; of a shared subscription, the one after its group.</param>
    public bool MaySubscribe(ReadOnlySpan<byte> filter)
    {
        if (ReservedTopics.Contain(filter))
        {
            return false;
        }

        foreach (var allowed in _subscribe)
        {
            if (FilterCover.Covers(allowed, filter))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether some filter that it may subscribe matches.</summary>
    public bool MayReceive(ReadOnlySpan<byte> topic)
    {
        foreach (var filter in _subscribe)
        {
            if (TopicPattern.Matches(filter, topic))
            {
                return true;
            }
        }

        return false;
    }

    private static byte[][] Expand(IReadOnlyList<string> patterns, byte[] user, ReadOnlySpan<byte> clientId)
    {
        var filters = new List<byte[]>(patterns.Count);
        foreach (var pattern in patterns)
        {
            if (AclPattern.Expand(pattern, user, clientId) is { } filter)
            {
                filters.Add(filter);
            }
        }

        return [.. filters];
    }
}
