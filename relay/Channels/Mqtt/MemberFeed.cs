using System.Collections.Immutable;
using Messaging.Wire;

namespace Messaging.Relay.Channels.Mqtt;

/// <summary>Who is there: at once, and whenever it has changed. Only what they are now; who came and went meanwhile is not told.</summary>
internal sealed class MemberFeed(Channel channel, ChannelSender sender, byte[] topic, uint subscriptionId) : ChannelFeed
{
    private ImmutableArray<ChannelMember>? _told;

    public override ValueTask<bool> WriteAsync(CancellationToken cancellationToken)
    {
        var members = channel.Members.List;
        if (_told is { } told && told == members)
        {
            return ValueTask.FromResult(false);
        }

        _told = members;
        sender.Publish(topic, new ChannelMemberList(members).Encode(), [], subscriptionId);
        return ValueTask.FromResult(true);
    }
}
