using System.Buffers.Text;
using Messaging.Wire;

namespace Messaging.Relay.Tests.Channels;

/// <summary>What a member of a channel knows.</summary>
internal sealed record TestChannel(ChannelId Id, byte[] Secret)
{
    public string SecretText => Base64Url.EncodeToString(Secret);
}
