namespace Messaging.Relay.Channels.Mqtt;

/// <summary>What a topic or a filter of a channel stands for.</summary>
internal enum ChannelTopic
{
    /// <summary>Nothing that there is.</summary>
    Unknown,

    /// <summary>Published to: a record is appended.</summary>
    Records,

    /// <summary>Published to: the connection is a member, or none any more.</summary>
    Member,

    /// <summary>Subscribed to: who is there.</summary>
    Members,

    /// <summary>Subscribed to: records from now on.</summary>
    News,

    /// <summary>Subscribed to: records from an offset on.</summary>
    From,
}
