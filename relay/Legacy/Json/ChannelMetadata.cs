using Messaging.Relay.Channels;

namespace Messaging.Relay.Legacy.Json;

/// <summary>A channel as its agents see it.</summary>
/// <param name="ChannelPassword">Always null.</param>
/// <param name="GlobalOffset">Where to begin, or where the event is; the same as the local one.</param>
internal sealed record ChannelMetadata(
    string TopicName, string ChannelId, string ChannelName, string? ChannelPassword, long GlobalOffset, long LocalOffset, bool PublicChannel, string[] AllowedAgentsNames)
{
    public static ChannelMetadata Of(Channel channel, long offset)
    {
        var id = channel.Id.ToString();
        return new ChannelMetadata(id, id, LegacyDescriptor.Of(channel).Name, ChannelPassword: null, offset, offset, PublicChannel: false, []);
    }
}
