using System.Buffers;
using System.Text;
using Messaging.Relay.Channels.Mqtt;
using Messaging.Relay.Mqtt.Protocol;
using Messaging.Relay.Transport;
using Messaging.Wire;

namespace Messaging.Relay.Doors;

/// <summary>Tells from the first packet whose a connection is.</summary>
internal static class FirstPacket
{
    private const byte Connect = (byte)PacketKind.Connect << 4;

    /// <param name="received">What has come so far.</param>
    /// <param name="limit">The largest packet, in bytes.</param>
    /// <param name="packet">Unless it is the fleet's, what was read.</param>
    public static Destination Judge(in ReadOnlySequence<byte> received, int limit, out ConnectPacket? packet)
    {
        packet = null;
        if (received.IsEmpty)
        {
            return Destination.Undecided;
        }

        // A packet that is no CONNECT is not waited for.
        if (received.FirstSpan[0] != Connect)
        {
            return Destination.Fleet;
        }

        return PacketFraming.Measure(received, limit, out var length) switch
        {
            FramingResult.Incomplete => Destination.Undecided,
            FramingResult.Complete => Judge(received.Slice(0, length).ToArray(), out packet),
            _ => Destination.Fleet,
        };
    }

    private static Destination Judge(byte[] whole, out ConnectPacket? packet)
    {
        packet = null;
        PacketFraming.Measure(whole, whole.Length, whole.Length, out _, out var bodyAt);
        if (ConnectPacket.TryRead(whole.AsSpan(bodyAt), out var connect) != ReasonCode.Success
            || connect.AuthenticationMethod is not null
            || (connect.UserName is { } name && PrincipalId.TryParse(Encoding.UTF8.GetString(name), out _)))
        {
            return Destination.Fleet;
        }

        packet = connect;
        return ChannelTopics.IsChannel(connect.UserName, out _) ? Destination.Channels : Destination.Users;
    }
}
