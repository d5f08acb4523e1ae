namespace Messaging.Relay.Mqtt.Access;

/// <summary>First levels of topics that belong to others than users: no filter of a user's reaches them, however wide it is.</summary>
internal static class ReservedTopics
{
    /// <summary>What nobody publishes to or subscribes by name. A wildcard does not see it.</summary>
    /// <param name="topic">A topic or a filter.</param>
    public static bool Contain(ReadOnlySpan<byte> topic)
    {
        var slash = topic.IndexOf((byte)'/');
        var first = slash < 0 ? topic : topic[..slash];
        return first.SequenceEqual("m1"u8) || first.SequenceEqual("channels"u8);
    }
}
