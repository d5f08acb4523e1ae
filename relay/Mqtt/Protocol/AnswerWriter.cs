using System.Buffers.Binary;
using System.Text;

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
    /// <param name="kind">Which of them.</param>
    /// <param name="packetId">What it answers.</param>
    /// <param name="version">Of the client.</param>
    /// <param name="reasons">For each filter.</param>
    /// <param name="text">Why, in words for people; null: nothing more is said.</param>
    public static byte[] Reasons(PacketKind kind, ushort packetId, MqttVersion version, ReadOnlySpan<ReasonCode> reasons, string? text = null)
    {
        var is5 = version == MqttVersion.V5;
        var count = kind == PacketKind.UnsubAck && !is5 ? 0 : reasons.Length;
        var properties = is5 ? Properties(text) : [];
        var remaining = (uint)(2 + properties.Length + count);
        var packet = new byte[1 + VariableInteger.Size(remaining) + remaining];
        packet[0] = (byte)((int)kind << 4);
        var at = 1 + VariableInteger.Write(packet.AsSpan(1), remaining);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(at), packetId);
        properties.CopyTo(packet, at + 2);
        at += 2 + properties.Length;
        for (var index = 0; index < count; index++)
        {
            // MQTT 3.1.1 knows one failure.
            packet[at + index] = !is5 && reasons[index] >= ReasonCode.UnspecifiedError ? (byte)ReasonCode.UnspecifiedError : (byte)reasons[index];
        }

        return packet;
    }

    /// <summary>PUBACK or PUBREC of MQTT 5 that says why not (section 3.4.2).</summary>
    public static byte[] RefusedAck(PacketKind kind, ushort packetId, ReasonCode reason, string? text)
    {
        var properties = Properties(text);
        var remaining = (uint)(3 + properties.Length);
        var packet = new byte[1 + VariableInteger.Size(remaining) + remaining];
        packet[0] = (byte)((int)kind << 4);
        var at = 1 + VariableInteger.Write(packet.AsSpan(1), remaining);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(at), packetId);
        packet[at + 2] = (byte)reason;
        properties.CopyTo(packet, at + 3);
        return packet;
    }

    /// <summary>DISCONNECT (section 3.14), of MQTT 5 alone.</summary>
    public static byte[] Disconnect(ReasonCode reason) => [(int)PacketKind.Disconnect << 4, 2, (byte)reason, 0];

    /// <summary>Properties with their length, of which there is at most a reason string (section 3.4.2.2.2).</summary>
    private static byte[] Properties(string? text)
    {
        if (text is null)
        {
            return [0];
        }

        var words = Encoding.UTF8.GetBytes(text);
        var length = (uint)(3 + words.Length);
        var head = new byte[VariableInteger.Size(length)];
        VariableInteger.Write(head, length);
        return [.. head, (byte)PropertyId.ReasonString, (byte)(words.Length >> 8), (byte)words.Length, .. words];
    }

    /// <summary>PINGRESP (section 3.13).</summary>
    public static ReadOnlySpan<byte> PingResp => [(int)PacketKind.PingResp << 4, 0];
}
