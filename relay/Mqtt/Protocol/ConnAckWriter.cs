using System.Buffers.Binary;

namespace Messaging.Relay.Mqtt.Protocol;

/// <summary>Writes CONNACK (MQTT 5 section 3.2; MQTT 3.1.1 section 3.2).</summary>
internal static class ConnAckWriter
{
    /// <param name="version">Of the client.</param>
    /// <param name="reason">Success, or why not.</param>
    /// <param name="isSessionPresent">A session goes on.</param>
    /// <param name="options">The terms.</param>
    /// <param name="assignedClientId">Empty: the client has named its own.</param>
    /// <param name="sessionExpirySeconds">Null: as the client asked.</param>
    public static byte[] Write(
        MqttVersion version, ReasonCode reason, bool isSessionPresent, BrokerOptions options, ReadOnlySpan<byte> assignedClientId, uint? sessionExpirySeconds)
    {
        if (version != MqttVersion.V5)
        {
            return [(int)PacketKind.ConnAck << 4, 2, (byte)(isSessionPresent ? 1 : 0), ReturnCode(reason)];
        }

        using var properties = new MemoryStream();
        if (reason == ReasonCode.Success)
        {
            Number(properties, PropertyId.ReceiveMaximum, options.ReceiveMaximum, 2);
            Number(properties, PropertyId.MaximumPacketSize, (uint)options.MaxPacketBytes, 4);
            Number(properties, PropertyId.TopicAliasMaximum, options.TopicAliasMaximum, 2);
            if (!options.IsRetainAvailable)
            {
                Number(properties, PropertyId.RetainAvailable, 0, 1);
            }

            if (!options.IsSharedSubscriptionAvailable)
            {
                Number(properties, PropertyId.SharedSubscriptionAvailable, 0, 1);
            }

            if (sessionExpirySeconds is { } seconds)
            {
                Number(properties, PropertyId.SessionExpiryInterval, seconds, 4);
            }

            if (!assignedClientId.IsEmpty)
            {
                properties.WriteByte((byte)PropertyId.AssignedClientIdentifier);
                properties.WriteByte((byte)(assignedClientId.Length >> 8));
                properties.WriteByte((byte)assignedClientId.Length);
                properties.Write(assignedClientId);
            }
        }

        var length = (uint)properties.Length;
        var remaining = 2 + (uint)VariableInteger.Size(length) + length;
        var packet = new byte[1 + VariableInteger.Size(remaining) + remaining];
        packet[0] = (int)PacketKind.ConnAck << 4;
        var at = 1 + VariableInteger.Write(packet.AsSpan(1), remaining);
        packet[at] = (byte)(isSessionPresent ? 1 : 0);
        packet[at + 1] = (byte)reason;
        at += 2 + VariableInteger.Write(packet.AsSpan(at + 2), length);
        properties.ToArray().CopyTo(packet, at);
        return packet;
    }

    /// <summary>The return codes of MQTT 3.1.1 (section 3.2.2.3).</summary>
    private static byte ReturnCode(ReasonCode reason) => reason switch
    {
        ReasonCode.Success => 0,
        ReasonCode.UnsupportedProtocolVersion => 1,
        ReasonCode.ClientIdentifierNotValid => 2,
        ReasonCode.BadUserNameOrPassword => 4,
        ReasonCode.NotAuthorized or ReasonCode.BadAuthenticationMethod => 5,
        _ => 3,
    };

    private static void Number(MemoryStream to, PropertyId id, uint value, int bytes)
    {
        Span<byte> four = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(four, value);
        to.WriteByte((byte)id);
        to.Write(four[(4 - bytes)..]);
    }
}
