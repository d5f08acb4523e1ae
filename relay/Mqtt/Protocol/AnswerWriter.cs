using System.Buffers.Binary;

namespace Messaging.Relay.Mqtt.Protocol;

/// <summary>Writes the short packets of a server.</summary>
internal static class AnswerWriter
{
    /// <summary>Bytes of an acknowledgement (MQTT 5 section 3.4): the reason is left out when all is well, and of MQTT 3.</summary>
    public static int AckSize(MqttVersion version, ReasonCode reason) => version == MqttVersion.V5 && reason != ReasonCode.Success ? 5 : 4;

    /// <summary>PUBACK, PUBREC, PUBREL or PUBCOMP.</summary>
    public static void Ack(Span<byte> to, PacketKind kind, ushort packetId, MqttVersion version, ReasonCode reason)
    {
        to[0] = (byte)(((int)kind << 4) | (kind == PacketKind.PubRel ? 2 : 0));
        to[1] = (byte)(AckSize(version, reason) - 2);
        BinaryPrimitives.WriteUInt16BigEndian(to[2..], packetId);
        if (to[1] == 3)
        {
            to[4] = (byte)reason;
        }
    }

    /// <summary>SUBACK (section 3.9), or the UNSUBACK of MQTT 5 (section 3.11); of MQTT 3 the latter has no reasons.</summary>
    public static byte[] Reasons(PacketKind kind, ushort packetId, MqttVersion version, ReadOnlySpan<ReasonCode> reasons)
    {
        var is5 = version == MqttVersion.V5;
        var count = kind == PacketKind.UnsubAck && !is5 ? 0 : reasons.Length;
        var remaining = (uint)(2 + (is5 ? 1 : 0) + count);
        var packet = new byte[1 + VariableInteger.Size(remaining) + remaining];
        packet[0] = (byte)((int)kind << 4);
        var at = 1 + VariableInteger.Write(packet.AsSpan(1), remaining);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(at), packetId);
        at += is5 ? 3 : 2;
        for (var index = 0; index < count; index++)
        {
            // MQTT 3.1.1 knows one failure.
            packet[at + index] = !is5 && reasons[index] >= ReasonCode.UnspecifiedError ? (byte)ReasonCode.UnspecifiedError : (byte)reasons[index];
        }

        return packet;
    }

    /// <summary>DISCONNECT (section 3.14), of MQTT 5 alone.</summary>
    public static byte[] Disconnect(ReasonCode reason) => [(int)PacketKind.Disconnect << 4, 2, (byte)reason, 0];

    /// <summary>PINGRESP (section 3.13).</summary>
    public static ReadOnlySpan<byte> PingResp => [(int)PacketKind.PingResp << 4, 0];
}
